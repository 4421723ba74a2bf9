"""A session for pysnow that answers with whole results or raises one of the four errors.

pysnow by itself checks no status, takes half an answer for a whole one and keeps cookies, which makes the instance run
one call after the other (ServiceNow facts §5, §7).
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3

from connectors.errors import Unavailable
from connectors.gate import Gate
from connectors.secret import Secret
from connectors.servicenow import failures
from connectors.servicenow.adapter import Adapter
from connectors.servicenow.auth import Basic, Bearer, Credentials, Fixed, Signature, Token, TokenCredentials, grant
from connectors.servicenow.write import JSON, Outgoing

CONNECT: Final = timedelta(seconds=3.05)

Headers = Mapping[str, str]

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class Session(requests.Session):
    """Signs every call, passes the gate before it, and judges its answer. Safe to share between threads.

    Takes nothing from the environment, follows no redirect, keeps no cookie, repeats nothing but what a 401 turned
    away for an old token: none of what requests does around a call is done.
    """

    def __init__(self, url: str, credentials: Credentials, *, gate: Gate, timeout: timedelta, ca_file: str) -> None:
        super().__init__()
        self._adapter = Adapter()
        self._trusted = ca_file or True
        self._url = url
        self._gate = gate
        self._timeout = (CONNECT.total_seconds(), timeout.total_seconds())
        self._signature = self._signature_of(credentials)

    def request(  # type: ignore[override]  # what pysnow says, and no more
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any],
        data: str | None = None,
        headers: Headers | None = None,
        stream: bool = False,  # noqa: ARG002 - answers are read whole
        timeout: float | None = None,  # noqa: ARG002 - the session's own holds
    ) -> requests.Response:
        """What pysnow calls: an answer that holds a result and no error."""
        writing = method != "GET"

        def exchange(header: str) -> requests.Response:
            signed = {**(headers or {}), **_signed(header)}
            return self._exchange(method, url, signed, writing=writing, params=params, data=data)

        answer = self._signed_in(exchange)
        failures.result(answer, writing=writing)
        return answer

    def write(self, compose: Callable[[], Outgoing]) -> requests.Response:
        """The answer, whatever its status, to what `compose` says once nothing but the gate is left, which it passes.

        Asked again where a 401 turned the call away for an old token.
        """

        def exchange(header: str) -> requests.Response:
            sent = compose()
            url, body = f"{self._url}{sent.path}", sent.body.reveal()
            return self._sent(sent.method, url, _signed(header), writing=True, data=body)

        return self._signed_in(exchange)

    def _signed_in(self, exchange: Callable[[str], requests.Response]) -> requests.Response:
        """The answer to what `exchange` sends under a header that was not an old token's."""
        header = self._signature.header()
        answer = exchange(header)
        if answer.status_code == 401 and self._signature.renew(header):
            answer = exchange(self._signature.header())
        return answer

    def _exchange(self, method: str, url: str, headers: Headers, *, writing: bool, **said: Any) -> requests.Response:
        """Through the gate: one request and its answer, whatever its status."""
        self._gate()
        return self._sent(method, url, headers, writing=writing, **said)

    def _sent(self, method: str, url: str, headers: Headers, *, writing: bool, **said: Any) -> requests.Response:
        call = requests.PreparedRequest()
        try:
            call.prepare(method, url, headers={**self.headers, **headers}, **said)
            answer = self._adapter.send(call, timeout=self._timeout, verify=self._trusted)
            answer.content  # noqa: B018 - reads it, here where what breaks is told apart
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise failures.lost(error, urlsplit(url).netloc, writing=writing) from error
        return answer

    def _signature_of(self, credentials: Credentials) -> Signature:
        if isinstance(credentials, Basic):
            return Fixed(credentials)
        return Bearer(lambda: self._token(credentials))

    def _token(self, credentials: TokenCredentials) -> Token:
        """A token from the instance; the same as last time while that one lives (ServiceNow facts §6.2)."""
        url = f"{self._url}/oauth_token.do"
        answer = self._exchange("POST", url, _FORM, writing=False, data=grant(credentials))
        match failures.answered(answer, writing=False):
            case {"access_token": str(text), "expires_in": int(seconds)} if text:
                return Token(Secret(text), seconds)
            case _:
                raise Unavailable(failures.SYSTEM, "no token in the answer of oauth_token.do")


def _signed(header: str) -> Headers:
    return {**JSON, "Authorization": header}
