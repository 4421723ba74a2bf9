"""One ServiceNow instance: the REST APIs as `app`, and what people do in their browsers as methods."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow import mishaps
from connectors.sandbox.servicenow.access import sign_in
from connectors.sandbox.servicenow.access.accounts import Accounts, Client
from connectors.sandbox.servicenow.access.rate_limit import RateLimits
from connectors.sandbox.servicenow.access.sessions import Sessions
from connectors.sandbox.servicenow.access.tokens import Tokens
from connectors.sandbox.servicenow.acts import opening, people
from connectors.sandbox.servicenow.acts.acts import Acts
from connectors.sandbox.servicenow.api.attachments import Attachments
from connectors.sandbox.servicenow.api.route import Router
from connectors.sandbox.servicenow.instance import Instance
from connectors.sandbox.servicenow.records.schema import Schema
from connectors.sandbox.servicenow.records.store import Store
from connectors.sandbox.servicenow.replies import Refusal, uri_too_long
from connectors.sandbox.servicenow.switches import Switches

WORKER: Final = "duo.worker"
TOKEN_PATH: Final = "/oauth_token.do"


@dataclass(frozen=True)
class Credentials:
    """How the worker's account signs in."""

    user_name: str
    password: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)


class ServiceNow(Acts):
    """A stand-in instance. Everything is kept in memory; one lock serialises all of it.

    `tables` is text in the form of records/tables.toml, for tables of one's own.
    """

    def __init__(
        self, clock: Callable[[], datetime], *, seed: int = 0, switches: Switches | None = None, tables: str = ""
    ) -> None:
        schema = Schema(tables)
        super().__init__(Instance(clock, schema, Store(schema, seed), switches or Switches()))
        chance = random.Random(f"access {seed}")
        self._accounts = Accounts(self._instance)
        self._tokens = Tokens(self._instance, self._accounts, chance)
        self._router = Router(self._instance, RateLimits(self._instance), Attachments(self._instance))
        self._sessions = Sessions()
        opening.open_instance(self._instance)
        self.credentials = Credentials(WORKER, *(f"{chance.getrandbits(96):024x}" for _ in range(3)))
        self.set_password(WORKER, self.credentials.password)
        self.add_client(self.credentials.client_id, self.credentials.client_secret, WORKER)

    def app(self, request: Request) -> Response:
        """Answer one request."""
        return self._sessions.serve(request, self._answer, queue=self.switches.session_queue)

    def _answer(self, request: Request) -> Response:
        with self._lock:
            try:
                return self._served(request)
            except Refusal as refusal:
                return refusal.response

    def _served(self, request: Request) -> Response:
        switches = self._instance.switches
        if len(request.path) + len(request.raw_query) + 1 > switches.longest_url:
            raise uri_too_long()
        mishap = switches.mishap
        if switches.mishap_methods and request.method not in switches.mishap_methods:
            mishap = ""
        if request.path == TOKEN_PATH:
            mishap = mishap if mishap in ("hibernating", "maintenance") else ""
            return mishaps.served(request, mishap, self._tokens.answer)
        return mishaps.served(request, mishap, self._api)

    def _api(self, request: Request) -> Response:
        caller = sign_in.caller(self._instance, self._accounts, self._tokens, request)
        return self._router.answer(caller, request)

    @property
    def switches(self) -> Switches:
        """How the instance behaves now."""
        return self._instance.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        with self._lock:
            self._instance.switches = switches

    def switch(self, **changes: Any) -> None:
        """Change single switches by name."""
        with self._lock:
            self.switches = replace(self.switches, **changes)

    @property
    def sessions_opened(self) -> int:
        """How many server sessions callers without a cookie have cost."""
        return self._sessions.opened

    def set_password(self, user: str, password: str) -> None:
        """From now on the user can sign in with it."""
        with self._lock:
            self._accounts.set_password(people.user_named(self._instance, user).sys_id, password)

    def add_client(self, client_id: str, client_secret: str, user: str) -> None:
        """Register an OAuth application; client_credentials runs as `user`."""
        with self._lock:
            user_id = people.user_named(self._instance, user).sys_id
            self._accounts.add_client(Client(client_id, client_secret, user_id))

    def expire_tokens(self) -> None:
        """End every access token now."""
        with self._lock:
            self._tokens.expire()

    def add_account(self, user_name: str, password: str, *, roles: Iterable[str] = ()) -> str:
        """A user for programs, with these roles; its sys_id."""
        with self._lock:
            names = {"user_name": user_name, "first_name": user_name, "last_name": "Account"}
            user = people.add_user(self._instance, names, groups=(), roles=roles)
            self._accounts.set_password(user.sys_id, password)
            return user.sys_id
