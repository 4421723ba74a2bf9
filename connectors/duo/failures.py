"""What an answer of the Admin API means as one of the four errors: the only place that reads Duo's codes.

Source: Admin API facts §1 (shape of a failure) and §10 (codes).
"""

import json
from datetime import timedelta
from typing import Any, Final

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.https import Answer
from connectors.quoted import quoted

SYSTEM: Final = "duo"
NOT_FOUND: Final = "40401"
RATE_WINDOW: Final = timedelta(minutes=1)  # Duo counts calls a minute and names no time

CREDENTIALS: Final = {
    "40102": "the integration key isn't known at this host: see `integration_key` and `host`",
    "40103": "the signature isn't accepted, mostly because of a wrong secret key: see `secret_key_file`",
    "40301": "access is forbidden: the application must be an Admin API application with Grant resource - Read, "
    "Grant resource - Write and Grant read log",
}


def failure(method: str, answer: Answer, skew: timedelta | None) -> ConnectorError | None:
    """The error that `answer` stands for; None where it is a success that can be read.

    `skew` is how far this machine's clock is ahead of Duo's, as far as is known.
    """
    said = _said(answer.body)
    if answer.status == 200 and said.get("stat") == "OK" and "response" in said:
        return None
    code = _code(said)
    status = code[:3] or str(answer.status)
    words = _words(code or status, said)
    if status == "429":
        return Unavailable(SYSTEM, "too many requests", retry_after=answer.retry_after or RATE_WINDOW)
    if status.startswith("3") or (status == "404" and not code):
        return Misconfigured(SYSTEM, f"the answer ({status}) is not the Admin API's: see `host`")
    if status in ("401", "403"):
        return _not_allowed(code, words, skew)
    if status.startswith("4"):
        return Unavailable(SYSTEM, words) if status == "408" else Refused(SYSTEM, code or status, words)
    return lost(method, words if status.startswith("5") else f"the answer ({status}) can't be read")


def lost(method: str, detail: str) -> ConnectorError:
    """No answer that can be relied on: a read may be sent again, a write may have been done."""
    return (Unavailable if method == "GET" else Uncertain)(SYSTEM, detail)


def _not_allowed(code: str, words: str, skew: timedelta | None) -> ConnectorError:
    if code == "40105":
        return Misconfigured(SYSTEM, f"the time of a request isn't accepted: {_clock(skew)}")
    if code.startswith("403") and code not in CREDENTIALS:
        return Refused(SYSTEM, code, words)
    return Misconfigured(SYSTEM, CREDENTIALS.get(code, words))


def _clock(skew: timedelta | None) -> str:
    if skew is None:
        return "compare this machine's clock with the right time"
    ahead = "ahead of" if skew > timedelta() else "behind"
    return f"this machine's clock is {abs(skew).total_seconds():.0f} s {ahead} Duo's"


def _said(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body.decode())  # not of bytes: duo_client, whose errors quote the body, must agree
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _code(said: dict[str, Any]) -> str:
    code = said.get("code")
    return str(code) if said.get("stat") == "FAIL" and isinstance(code, int) and 10_000 <= code <= 99_999 else ""


def _words(code: str, said: dict[str, Any]) -> str:
    parts = [quoted(said.get("message")), quoted(said.get("message_detail"))]
    return ": ".join([code, *(part for part in parts if part)])
