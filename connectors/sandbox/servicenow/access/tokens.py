"""`POST /oauth_token.do`: tokens for client_credentials, password and refresh_token (ServiceNow facts §6.2)."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.access.accounts import Accounts, Client
from connectors.sandbox.servicenow.access.basic import user_and_password
from connectors.sandbox.servicenow.instance import Instance
from connectors.sandbox.servicenow.records.store import Record


@dataclass(frozen=True)
class Token:
    """One access token; `refresh` is empty where the grant gives none."""

    access: str
    refresh: str
    client_id: str
    user_id: str
    ends: datetime
    refresh_ends: datetime


class Tokens:
    """Gives out tokens and tells whose they are. Inside its life the same token is given again."""

    def __init__(self, instance: Instance, accounts: Accounts, chance: random.Random) -> None:
        self._instance = instance
        self._chance = chance
        self._accounts = accounts
        self._tokens: dict[tuple[str, str, bool], Token] = {}

    def answer(self, request: Request) -> Response:
        """The whole endpoint."""
        if request.method != "POST":
            return _refused(405, "invalid_request", "method not allowed")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        client = self._accounts.client(*_client_credentials(request, form))
        if client is None:
            return _refused(401, "invalid_client", "access_denied")
        return self._grant(form, client)

    def user(self, access: str) -> Record | None:
        """Whose token it is; None once it has ended."""
        now = self._instance.clock()
        for token in self._tokens.values():
            if token.access == access and token.ends > now:
                return self._instance.store.find("sys_user", token.user_id)
        return None

    def expire(self) -> None:
        """End every access token at once; refresh tokens stay."""
        now = self._instance.clock()
        self._tokens = {key: replace(token, ends=now) for key, token in self._tokens.items()}

    def _grant(self, form: Mapping[str, str], client: Client) -> Response:
        match form.get("grant_type", ""):
            case "client_credentials":
                user = self._instance.store.find("sys_user", client.user_id)
                ok = user is not None and self._accounts.usable(user)
                return self._given(client, user if ok else None, refreshable=False)
            case "password":
                return self._given(client, self._by_password(form), refreshable=True)
            case "refresh_token":
                return self._given(client, self._by_refresh(form, client), refreshable=True)
            case _:
                return _refused(401, "unsupported_grant_type", "access_denied")

    def _by_password(self, form: Mapping[str, str]) -> Record | None:
        """Needs a user who may sign in interactively."""
        if self._instance.switches.password_grant_disabled:
            return None
        user = self._accounts.sign_in(form.get("username", ""), form.get("password", ""))
        return user if user and user.values["web_service_access_only"] == "false" else None

    def _by_refresh(self, form: Mapping[str, str], client: Client) -> Record | None:
        now, given = self._instance.clock(), form.get("refresh_token", "")
        for token in self._tokens.values():
            if given and token.refresh == given and token.client_id == client.client_id and token.refresh_ends > now:
                return self._instance.store.find("sys_user", token.user_id)
        return None

    def _given(self, client: Client, user: Record | None, *, refreshable: bool) -> Response:
        if user is None:
            return _refused(401, "invalid_grant", "access_denied")
        token = self._current(client, user, refreshable=refreshable)
        body: dict[str, object] = {"access_token": token.access}
        if refreshable:
            body["refresh_token"] = token.refresh
        left = int((token.ends - self._instance.clock()).total_seconds())
        body |= {"scope": "useraccount", "token_type": "Bearer", "expires_in": max(left - 1, 0)}
        return Response.json(200, body)

    def _current(self, client: Client, user: Record, *, refreshable: bool) -> Token:
        key = (client.client_id, user.sys_id, refreshable)
        now, known = self._instance.clock(), self._tokens.get(key)
        if known and known.ends > now:
            return known
        switches = self._instance.switches
        if known and known.refresh_ends > now:
            refresh, refresh_ends = known.refresh, known.refresh_ends
        else:
            refresh, refresh_ends = self._text() if refreshable else "", now + switches.refresh_token_life
        token = Token(self._text(), refresh, client.client_id, user.sys_id, now + switches.token_life, refresh_ends)
        self._tokens[key] = token
        return token

    def _text(self) -> str:
        return f"{self._chance.getrandbits(344):086x}"


def _client_credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    """From the form, or as user name and password, the way requests_oauthlib sends them."""
    in_header = user_and_password(request)
    return in_header or (form.get("client_id", ""), form.get("client_secret", ""))


def _refused(status: int, code: str, description: str) -> Response:
    return Response.json(status, {"error": code, "error_description": description})
