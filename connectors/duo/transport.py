"""Duo's own client over a pooled connection: duo_client signs and knows the calls, urllib3 carries them.

The stock client opens a TLS connection a call, has no time-outs, and sleeps up to 66 s in one call on 429, with a
signature that grows old meanwhile (Admin API facts §11).
"""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import duo_client
from duo_client.client import DEFAULT_CA_CERTS

from connectors.duo import asking
from connectors.duo.failures import SYSTEM, failure
from connectors.errors import Misconfigured, Unavailable
from connectors.gate import Gate, LogGate, free_log
from connectors.https import Answer, Host, trust
from connectors.reading import reading
from connectors.secret import Secret

PAGE: Final = "100"
LOG: Final = re.compile("/admin/v[0-9]/logs/([a-z_]+)")


@dataclass(frozen=True)
class Response:
    """What duo_client wants to know of an answer, and `skew`: how far our clock is ahead of Duo's, within a second."""

    status: int
    reason: str
    skew: timedelta | None


class Admin(duo_client.Admin):  # type: ignore[misc]  # duo_client has no types
    """The Admin API of one Duo account; every failure is one of the four errors. Safe to share between threads.

    Needs an Admin API application that may read and write resources and read logs. An empty `ca_file` is duo_client's
    pinned bundle. Reads are repeated as `connectors.reading` says, each time signed anew; writes never are, nor are
    readings of a log, which `log_gate` lets through.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        integration_key: str,
        secret_key: Secret,
        ca_file: str,
        timeout: timedelta,
        gate: Gate,
        stop: threading.Event,
        log_gate: LogGate = free_log,
    ) -> None:
        if not asking.ID.fullmatch(integration_key):
            raise Misconfigured(SYSTEM, "`integration_key` must be DI and 18 capital letters or digits")
        self._secret_key = secret_key
        super().__init__(integration_key, "", host, port=port, timeout=timeout.total_seconds())
        trusted = trust(SYSTEM, ca_file or DEFAULT_CA_CERTS)
        self._host = Host(SYSTEM, host, port, key="host in [duo]", trust=trusted, read_timeout=timeout)
        self._gate = gate
        self._log_gate = log_gate
        self._stop = stop

    @property
    def skey(self) -> str:
        """The secret key, where duo_client looks for it when it signs."""
        return self._secret_key.reveal()

    @skey.setter
    def skey(self, given: str) -> None:
        """Drop what duo_client's constructor sets, so that no attribute holds the key in clear."""

    def api_call(self, method: str, path: str, params: dict[str, Any]) -> tuple[Response, bytes]:
        """As duo_client's, through the gate; the body is one that duo_client can read."""
        if log := LOG.match(path):
            self._log_gate(log[1])
        elif method == "GET":
            return reading(self._stop)(self._once, method, path, params)
        return self._once(method, path, params)

    def json_paging_api_call(self, method: str, path: str, params: dict[str, Any]) -> Iterator[Any]:
        """As duo_client's, but a server that names the same page again doesn't hold us for ever."""
        offset: int | None = 0
        while offset is not None:
            page = {"limit": PAGE, **params, "offset": str(offset)}
            rows, metadata = self.parse_json_response_and_metadata(*self.api_call(method, path, page))
            if not isinstance(rows, list):
                raise Unavailable(SYSTEM, "the answer is not a list")
            yield from rows
            offset = _next(metadata, offset)

    def _once(self, method: str, path: str, params: dict[str, Any]) -> tuple[Response, bytes]:
        self._gate()  # before the request is signed: it may wait, and a signature has a time in it
        answer: tuple[Response, bytes] = super().api_call(method, path, params)
        return answer

    def _make_request(
        self, method: str, uri: str, body: str | None, headers: Mapping[bytes, bytes]
    ) -> tuple[Response, bytes]:
        """What duo_client calls with a signed request."""
        named = {name.decode("ascii"): value.decode("ascii") for name, value in headers.items()}
        answer = self._host.send(method, uri, headers=named, body=body)
        skew = _skew(named["Date"], answer)
        if error := failure(method, answer, skew):
            raise error
        return Response(answer.status, answer.reason, skew), answer.body


def _skew(sent: str, answer: Answer) -> timedelta | None:
    try:
        return _utc(sent) - _utc(answer.headers["Date"])
    except (KeyError, ValueError):
        return None


def _utc(date: str) -> datetime:
    """The time in a Date header; a zone of "-0000", which duo_client writes, is UTC without saying so."""
    at = parsedate_to_datetime(date)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _next(metadata: Any, offset: int) -> int | None:
    after = metadata.get("next_offset") if isinstance(metadata, dict) else None
    if after is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", str(after)) or int(after) <= offset:
        raise Unavailable(SYSTEM, f"the page after offset {offset} is not named properly")
    return int(after)
