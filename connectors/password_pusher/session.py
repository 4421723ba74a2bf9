"""One Password Pusher server's API v2 as one owner: signed in, JSON both ways, failures as the four errors.

Source: Password Pusher facts §2 (token) and §6 (errors).
"""

import json
import re
import threading
from datetime import timedelta
from typing import Any, Final

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import Gate
from connectors.https import Answer, Host, trust
from connectors.quoted import quoted
from connectors.reading import reading
from connectors.secret import Secret

SYSTEM: Final = "password_pusher"
NOT_FOUND: Final = "404"
FIELDS: Final = ("payload", "passphrase", "name", "note", "kind", "expire_after_days", "expire_after_views")
TOKEN: Final = re.compile(r"[\x21-\x7e]+")  # what a header can carry


class Session:
    """The API below `url`, as the owner of `token`. Safe to share between threads."""

    def __init__(
        self, url: str, *, token: Secret, ca_file: str, timeout: timedelta, gate: Gate, stop: threading.Event
    ) -> None:
        host, port, self._prefix = _https(url)
        if not TOKEN.fullmatch(token.reveal()):
            raise Misconfigured(SYSTEM, "the token is empty or holds spaces: see `token_file`")
        trusted = trust(SYSTEM, ca_file)
        self._host = Host(SYSTEM, host, port, key="url in [password_pusher]", trust=trusted, read_timeout=timeout)
        self._token = token
        self._gate = gate
        self._stop = stop

    def get(self, path: str) -> Any:
        """The JSON of one read, repeated as `connectors.reading` says."""
        return reading(self._stop)(self._call, "GET", path, None)

    def write(self, method: str, path: str, what: object = None) -> Any:
        """The JSON of one write, sent once."""
        return self._call(method, path, None if what is None else json.dumps(what))

    def _call(self, method: str, path: str, body: str | None) -> Any:
        headers = {"Authorization": f"Bearer {self._token.reveal()}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._gate()
        answer = self._host.send(method, f"{self._prefix}/api/v2/{path}", headers=headers, body=body)
        if answer.status in (200, 201):
            return _json(method, answer)
        raise _failure(method, answer)


def lost(method: str, detail: str) -> ConnectorError:
    """No answer that can be relied on: a read may be sent again, a write may have been done."""
    return (Unavailable if method == "GET" else Uncertain)(SYSTEM, detail)


def _https(url: str) -> tuple[str, int, str]:
    """Host, port and path prefix of `url`."""
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise Misconfigured(SYSTEM, "`url` can't be read as one") from error
    if parts.scheme != "https" or not parts.host or parts.auth or parts.query or parts.fragment:
        raise Misconfigured(SYSTEM, "`url` must be https:// and a host, and may have a path")
    return parts.host, parts.port or 443, (parts.path or "").rstrip("/")


def _json(method: str, answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        # Without a cause: json's error carries the whole body, which has a push's passphrase in it.
        unreadable = lost(method, f"the answer ({answer.status}) can't be read")
    raise unreadable


def _failure(method: str, answer: Answer) -> ConnectorError:
    status = answer.status
    words = ": ".join(part for part in (str(status), _said(method, answer)) if part)
    if status == 429:
        return Unavailable(SYSTEM, "too many requests", retry_after=answer.retry_after)
    if status == 401 and not (method == "DELETE" and words != "401"):
        return Misconfigured(SYSTEM, "the token isn't accepted (401): see `token_file`")
    if 300 <= status < 400:
        return Misconfigured(SYSTEM, f"the answer is a redirect ({status}): see `url` and `token_file`")
    if 400 <= status < 500:
        return Unavailable(SYSTEM, words) if status == 408 else Refused(SYSTEM, str(status), words)
    return lost(method, f"the answer ({status}) is no success")


def _said(method: str, answer: Answer) -> str:
    """The server's own words about an error; to a POST, only the names of the fields it finds fault with.

    What Rails says about a field, or about JSON it can't read, may repeat what was sent.
    """
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    return ", ".join(name for name in FIELDS if name in said) if method == "POST" else quoted(said.get("error"))
