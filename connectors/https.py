"""HTTPS to one host: sent once, then an answer or one of the four errors. For connectors that speak REST themselves.

No retries, no redirects, no cookies, no proxy. Safe to share between threads.
"""

import logging
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import certifi
import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, LocationValueError, ReadTimeoutError

from connectors.errors import ConnectorError, Misconfigured, Unavailable, Uncertain

CONNECT_TIMEOUT: Final = timedelta(seconds=3.05)  # just above the first TCP retransmission
CONNECTIONS: Final = 16  # kept open; more threads than that open short-lived ones
SECONDS: Final = re.compile(r"[0-9]{1,6}")
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status. Neither its headers nor its body is ever printed."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def retry_after(self) -> timedelta | None:
        """The `Retry-After` header where it counts seconds, a day at most; None without one."""
        found = SECONDS.fullmatch(self.headers.get("Retry-After", "").strip())
        return min(timedelta(seconds=int(found[0])), timedelta(days=1)) if found else None


class Host:
    """One server of `system`, named by the configuration's `key`.

    `read_timeout` is what may pass between two bytes of an answer.
    """

    def __init__(
        self, system: str, host: str, port: int, *, key: str, trust: ssl.SSLContext, read_timeout: timedelta
    ) -> None:
        logging.getLogger("urllib3.connectionpool").addFilter(_no_paths)
        timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT.total_seconds(), read=read_timeout.total_seconds())
        self._system = system
        self._name = host
        self._where = f"{host}:{port}"
        self._key = key
        if not NAME.fullmatch(host):
            raise Misconfigured(system, f"{host!r} can't be a host's name")
        self._pool = _Pool(
            host, port, timeout=timeout, maxsize=CONNECTIONS, block=False, retries=False, ssl_context=trust
        )

    def send(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes | str | None = None) -> Answer:
        """The answer to one request for `target` (path and query); anything but a GET counts as a write.

        Raises:
            Misconfigured: The host's certificate isn't trusted.
            Unavailable: No connection, or a read without an answer.
            Uncertain: A write without a whole answer.
        """
        try:
            got = self._pool.urlopen(method, target, body=body, headers=headers, retries=False, redirect=False)
        except _NoConnection as error:
            raise self._no_connection(error.reason) from error.reason
        except HTTPError as error:
            lost = self._lost(method, error)
        else:
            return Answer(got.status, got.reason or "", got.headers, got.data)
        # Without a cause on purpose: a status line that isn't one is quoted whole in the library's exception, and it
        # may be what was left of another answer, with a code in it.
        raise lost

    def _no_connection(self, reason: Exception) -> ConnectorError:
        if any(isinstance(error, ssl.SSLCertVerificationError) for error in _chain(reason)):
            return Misconfigured(self._system, f"the certificate of {self._name} isn't trusted: see `ca_file`")
        if isinstance(reason, LocationValueError | UnicodeError):
            return Misconfigured(self._system, f"{self._name!r} can't be a host's name")
        return Unavailable(self._system, f"no connection to {self._where} ({_system_words(reason)}): see {self._key}")

    def _lost(self, method: str, error: HTTPError) -> ConnectorError:
        how = "no answer in time" if isinstance(error, ReadTimeoutError) else "the connection broke"
        kind = Unavailable if method == "GET" else Uncertain
        return kind(self._system, f"{how} ({type(error).__name__})")


def trust(system: str, ca_file: str) -> ssl.SSLContext:
    """What certificates to accept: those signed by `ca_file`'s authorities; certifi's if it is empty."""
    try:
        return ssl.create_default_context(cafile=ca_file or certifi.where())
    except (OSError, ValueError) as error:
        raise Misconfigured(system, f"`ca_file` {ca_file} can't be read as certificates") from error


class _NoConnection(Exception):
    """Nothing was sent: `reason` came before the first byte of the request."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(type(reason).__name__)
        self.reason = reason


class _Pool(urllib3.HTTPSConnectionPool):
    """Tells a connection that couldn't be made from one that broke; urllib3's own exceptions don't.

    A reset during the TLS handshake would else look like one after a write was sent, and be `Uncertain`.
    """

    def _validate_conn(self, conn: HTTPConnection) -> None:  # type: ignore[override]  # urllib3 names a private base
        try:
            super()._validate_conn(conn)
        except (HTTPError, OSError, ValueError) as error:
            raise _NoConnection(error) from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _system_words(reason: Exception) -> str:
    """The operating system's words for it ("Connection refused"), else the exception's name."""
    said = (error.strerror for error in _chain(reason) if isinstance(error, OSError) and error.strerror)
    return next(said, type(reason).__name__)


def _no_paths(record: logging.LogRecord) -> bool:
    """Drop what urllib3 logs of each request: a path may hold a push's token."""
    return record.levelno > logging.DEBUG
