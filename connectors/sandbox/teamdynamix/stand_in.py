"""One TeamDynamix tenant: the Web API as `app`, and what people do in their browsers as methods."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.teamdynamix.acts import Acts
from connectors.sandbox.teamdynamix.records import User
from connectors.sandbox.teamdynamix.routes import Router
from connectors.sandbox.teamdynamix.site import Site
from connectors.sandbox.teamdynamix.switches import Switches
from connectors.sandbox.teamdynamix.tokens import Tokens

WORKER: Final = "duo.worker"
SERVICE_ACCOUNT: Final = 9


@dataclass(frozen=True)
class Credentials:
    """How the worker's account signs in: as a service account, or by the administrator's keys."""

    user_name: str
    password: str = field(repr=False)
    beid: str
    web_services_key: str = field(repr=False)


class TeamDynamix(Acts):
    """A stand-in tenant. Everything is kept in memory; one lock serialises all of it."""

    def __init__(self, clock: Callable[[], datetime], *, seed: int = 0, switches: Switches | None = None) -> None:
        super().__init__(Site(clock, seed, switches or Switches()))
        chance = random.Random(f"teamdynamix access {seed}")
        self._tokens = Tokens(self._site, chance.randbytes(32))
        keys = [str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(2)]
        self.credentials = Credentials(WORKER, f"{chance.getrandbits(96):024x}", *keys)
        self.add_account(WORKER, self.credentials.password)
        self.add_account("admin", "")
        self._router = Router(self._site, self._tokens, self._administrator)

    def app(self, request: Request) -> Response:
        """Answer one request."""
        with self._lock:
            return self._router.answer(request)

    @property
    def switches(self) -> Switches:
        """How the tenant behaves now."""
        return self._site.switches

    def switch(self, **changes: Any) -> None:
        """Change single switches by name."""
        with self._lock:
            self._site.switches = replace(self._site.switches, **changes)

    def add_account(self, user_name: str, password: str) -> str:
        """A service account; its UID."""
        with self._lock:
            fields = {"UserName": user_name, "FirstName": "Duo", "LastName": "Worker"}
            user = User(self._site.new_uid(), user_name, fields, type_id=SERVICE_ACCOUNT, password=password)
            self._site.users[user.uid] = user
            return user.uid

    def expire_tokens(self) -> None:
        """End every token now."""
        with self._lock:
            self._tokens.expire()

    def _administrator(self, beid: str, key: str) -> User | None:
        known = (self.credentials.beid, self.credentials.web_services_key)
        return self._site.user_named(WORKER) if (beid, key) == known else None
