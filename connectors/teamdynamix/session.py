"""One TeamDynamix tenant's Web API as one account sees it: signed in, JSON both ways, failures as the four errors."""

import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, assert_never
from urllib.parse import urlencode

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from connectors.errors import ConnectorError, Misconfigured, Unavailable, Uncertain
from connectors.https import Answer, Host, trust
from connectors.reading import reading
from connectors.secret import Secret
from connectors.teamdynamix import failures
from connectors.teamdynamix.auth import AdministratorKey, Bearer, Credentials, Gateway, ServiceAccount, Token, of_jwt
from connectors.teamdynamix.failures import SYSTEM
from connectors.teamdynamix.kinds import SIGN_IN, Gates, kind

JSON: Final = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
SETTLE: Final = timedelta(seconds=1)  # a new token's `nbf` is by their clock


class Tenant:
    """The API below `url`, which ends in /TDWebApi, /SBTDWebApi or whatever a gateway makes of it.

    Safe to share between threads. Every call passes the gate of its kind, sign-ins too. Writes are sent once: only what
    a 401 turned away for an old token is sent again.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        gates: Gates,
        stop: threading.Event,
        timeout: timedelta = timedelta(seconds=60),
        ca_file: str = "",
    ) -> None:
        self._trusted, self._timeout = trust(SYSTEM, ca_file), timeout
        self._host, self._prefix = self._host_of(url, "url")
        self._credentials = credentials
        self._gates = gates
        self.stop = stop
        self._bearer = Bearer(self._sign_in)

    def get(self, path: str) -> Any:
        """The JSON of one read, repeated as `connectors.reading` says. Raises `Absent` for a 404."""
        return reading(self.stop)(lambda: failures.result(self._called("GET", path, None), writing=False))

    def search(self, path: str, asked: Mapping[str, Any]) -> list[Any]:
        """The rows of one search: a read, although it is posted."""

        def ask() -> list[Any]:
            found = failures.result(self._called("POST", path, dict(asked), writing=False), writing=False)
            if not isinstance(found, list):
                raise Unavailable(SYSTEM, f"the answer of {path} is no list")
            return found

        try:
            return reading(self.stop)(ask)
        except failures.Absent as absent:
            raise Misconfigured(SYSTEM, f"{path} isn't there (404): check the ids in [teamdynamix]") from absent

    def write(self, method: str, path: str, what: object) -> Any:
        """The JSON of one write, sent once; None where the answer is empty."""
        return failures.result(self._called(method, path, what, writing=True), writing=True)

    def date(self) -> str:
        """The `Date` header of a harmless read: the other side's clock."""
        return self._called("GET", "auth/getuser", None).headers.get("Date", "")

    def _called(self, method: str, path: str, what: object, *, writing: bool = False) -> Answer:
        """One call, signed; once more where the token was too old, and again where the new one isn't good yet."""
        header = self._bearer.header()
        answer = self._sent(method, path, what, header, writing=writing)
        if answer.status == 401:
            self._bearer.renew(header)
            answer = self._sent(method, path, what, self._bearer.header(), writing=writing)
        if answer.status == 401 and not self.stop.wait(SETTLE.total_seconds()):
            answer = self._sent(method, path, what, self._bearer.header(), writing=writing)
        return answer

    def _sent(self, method: str, path: str, what: object, header: str, *, writing: bool) -> Answer:
        body = None if what is None else json.dumps(what)
        target = f"{self._prefix}/api/{path}"
        self._gates(kind(method, path))
        return self._exchange(self._host, method, target, {**JSON, "Authorization": header}, body, writing=writing)

    def _exchange(
        self, host: Host, method: str, target: str, headers: Mapping[str, str], body: str | None, *, writing: bool
    ) -> Answer:
        try:
            return host.send(method, target, headers=headers, body=body)
        except Uncertain as lost:
            # The host takes whatever isn't a GET for a write.
            raise failures.doubtful(lost.detail, writing=writing) from lost

    def _sign_in(self) -> Token:
        return reading(self.stop)(self._token)

    def _token(self) -> Token:
        match self._credentials:
            case ServiceAccount(username, password):
                return self._jwt("auth/login", {"username": username, "password": password.reveal()})
            case AdministratorKey(beid, key):
                return self._jwt("auth/loginadmin", {"BEID": beid, "WebServicesKey": key.reveal()})
            case Gateway() as gateway:
                return self._gateway_token(gateway)
            case _:
                assert_never(self._credentials)

    def _jwt(self, path: str, what: Mapping[str, str]) -> Token:
        target = f"{self._prefix}/api/{path}"
        self._gates(SIGN_IN)
        answer = self._exchange(self._host, "POST", target, JSON, json.dumps(dict(what)), writing=False)
        if answer.status != 200:
            raise failures.sign_in_failure(answer)
        return of_jwt(answer.body)

    def _gateway_token(self, gateway: Gateway) -> Token:
        host, path = self._host_of(gateway.token_url, "token_url")
        form = {"grant_type": "client_credentials", "client_id": gateway.client_id}
        body = urlencode({**form, "client_secret": gateway.client_secret.reveal()})
        self._gates(SIGN_IN)
        answer = self._exchange(host, "POST", path or "/", FORM, body, writing=False)
        if answer.status != 200:
            raise failures.sign_in_failure(answer)
        match failures.result(answer, writing=False):
            case {"access_token": str(text), "expires_in": int(seconds)} if text.isascii() and text.isprintable():
                return Token(Secret(text), seconds)
            case _:
                raise Unavailable(SYSTEM, "the gateway's answer holds no token")

    def _host_of(self, url: str, name: str) -> tuple[Host, str]:
        try:
            parts = parse_url(url)
        except LocationParseError as error:
            raise _unfit() from error
        if parts.scheme != "https" or not parts.host or parts.auth or parts.query or parts.fragment:
            raise _unfit()
        port, key = parts.port or 443, f"{name} in [teamdynamix]"
        host = Host(SYSTEM, parts.host, port, key=key, trust=self._trusted, read_timeout=self._timeout)
        return host, (parts.path or "").rstrip("/")


def _unfit() -> ConnectorError:
    return Misconfigured(SYSTEM, "url in [teamdynamix] must be https:// and a host, and may have a path")
