"""What a failed call to TeamDynamix means for the caller: the only place that knows its statuses.

| | read | write |
|---|---|---|
| never sent; 429 | Unavailable | Unavailable |
| certificate can't be verified; 3xx; 401; a sign-in's 400 or 403 | Misconfigured | Misconfigured |
| sent, and no answer; 408; 5xx; a 2xx that can't be read | Unavailable | Uncertain |
| any other 4xx | Misconfigured | Refused |

A search is a read although it is posted. 404 of a single ticket or person is told apart by `is_absent`.

Source: TeamDynamix facts §5.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.https import Answer
from connectors.quoted import quoted

SYSTEM: Final = "teamdynamix"
NOT_FOUND: Final = "404"
AFTER_RESET: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(seconds=65)


class Absent(Refused):
    """404: not there, or not visible to the account; which of both TeamDynamix doesn't tell."""


def doubtful(detail: str, *, writing: bool) -> ConnectorError:
    """No answer that can be relied on: a read may be sent again, a write may have been done."""
    return Uncertain(SYSTEM, detail) if writing else Unavailable(SYSTEM, detail)


def result(answer: Answer, *, writing: bool) -> Any:
    """What a 2xx answer holds, None for an empty body; raises what any other answer means."""
    if not 200 <= answer.status < 300 or answer.status == 202:
        raise failure(answer, writing=writing)
    if not answer.body.strip():
        if not writing:
            raise Unavailable(SYSTEM, f"the answer ({answer.status}) is empty")
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        # Without a cause: json's error carries the whole body.
        unreadable = doubtful(f"the answer ({answer.status}) can't be read", writing=writing)
    raise unreadable


def failure(answer: Answer, *, writing: bool) -> ConnectorError:
    """What an answer that is no success means."""
    status, words = answer.status, _words(answer)
    said = f"{status}{words}"
    if status == 429:
        return Unavailable(SYSTEM, "too many calls", retry_after=_rest(answer.headers))
    if status < 300 or status == 408 or status >= 500:
        return doubtful(said, writing=writing)
    if status < 400 or status == 401:
        return Misconfigured(SYSTEM, f"{said}: check url and account in [teamdynamix]")
    if status == 404:
        return Absent(SYSTEM, NOT_FOUND, said)
    if writing:
        unsaid = " without a reason: its content filter may have met a word of the text" if not words else ""
        return Refused(SYSTEM, str(status), f"{said}{unsaid}")
    return Misconfigured(SYSTEM, f"{said}: check the account's rights and the ids in [teamdynamix]")


def sign_in_failure(answer: Answer) -> ConnectorError:
    """What it means that a sign-in wasn't answered with a token: 400, 401 and 403 all stand for bad credentials."""
    if answer.status in (400, 401, 403, 404):
        return Misconfigured(SYSTEM, f"the sign-in is refused ({answer.status}): check the account in [teamdynamix]")
    return failure(answer, writing=False)


def _words(answer: Answer) -> str:
    """TeamDynamix's own `Message`, after a space; empty where it says nothing in JSON."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    words = quoted(said.get("Message")) if isinstance(said, dict) else ""
    return f" {words}" if words else ""


def _rest(headers: Mapping[str, str]) -> timedelta:
    """From their `Date` to the end of the window, and 5 s; a minute where they don't say."""
    reset, now = _date(headers, "X-RateLimit-Reset"), _date(headers, "Date")
    if reset is None or now is None:
        return LONGEST
    return min(max(reset - now + AFTER_RESET, timedelta(seconds=1)), LONGEST)


def _date(headers: Mapping[str, str], name: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers[name])
    except (KeyError, ValueError):
        return None
    return found if found.tzinfo else None
