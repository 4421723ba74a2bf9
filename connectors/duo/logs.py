"""Duo's logs (Admin API facts §8): one page a reading, as at most one call a minute may be made to each.

The authentication log lags two minutes.

What the administrator log says of a change is written down loosely and may differ: there an odd row stops nothing.

duo_client's own methods for them assume the shape of an answer before it is checked, and would fail as bugs do.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from connectors.duo import parse
from connectors.duo.model import TelephonyEvent
from connectors.duo.transport import Admin

PAGE: Final = "1000"  # the most; as a text, because duo_client can't sign a number in a GET
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ROWS: Final = {"telephony": "items", "authentication": "authlogs"}
MILLISECOND: Final = timedelta(milliseconds=1)
SECOND: Final = timedelta(seconds=1)
ADMINISTRATOR_PAGE: Final = 1000  # no call answers more rows
CODES_MADE: Final = "bypass_create"
Event = TypeVar("Event", "AuthenticationEvent", TelephonyEvent)


@dataclass(frozen=True)
class AuthenticationEvent:
    """One login or enrolment; words as Duo has them ("success", "bypass_code"), empty where it doesn't say."""

    at: datetime
    txid: str
    user_id: str
    event_type: str
    factor: str
    result: str
    reason: str
    application: str
    country: str  # of the browser, as Duo names it


@dataclass(frozen=True)
class CodesMade:
    """Bypass codes as the administrator log tells of their making; empty or None for what it doesn't tell."""

    user_id: str = ""
    count: int | None = None
    valid_secs: int | None = None
    uses: int | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdministratorEvent:
    """One change. `actor` is an administrator's name, or a word for what isn't one (an API change: unconfirmed).

    `codes` is for a change that made bypass codes, None for every other.
    """

    at: datetime
    actor: str
    action: str
    codes: CodesMade | None = None


@dataclass(frozen=True)
class Page(Generic[Event]):
    """Events, oldest first; where `more`, later ones before the end of what was asked for were left out."""

    events: tuple[Event, ...]
    more: bool


def telephony(admin: Admin, since: datetime, until: datetime) -> Page[TelephonyEvent]:
    """The texts and calls Duo sent between the two times."""
    return _page(admin, "telephony", since, until, _telephony)


def authentication(admin: Admin, since: datetime, until: datetime) -> Page[AuthenticationEvent]:
    """The logins and enrolments between the two times."""
    return _page(admin, "authentication", since, until, _authentication)


def administrator(admin: Admin, since: datetime) -> tuple[AdministratorEvent, ...]:
    """The changes at `since` or later, oldest first; where there are `ADMINISTRATOR_PAGE` of them, more may follow."""
    answer = admin.json_api_call("GET", "/admin/v1/logs/administrator", {"mintime": str((since - EPOCH) // SECOND)})
    rows = parse.fit("GET", answer, parse.listing)
    return tuple(sorted((_administrator(row, since) for row in rows), key=lambda event: event.at))


def _page(admin: Admin, log: str, since: datetime, until: datetime, event: Callable[[Any], Event]) -> Page[Event]:
    asked = {"mintime": _milliseconds(since), "maxtime": _milliseconds(until), "limit": PAGE, "sort": "ts:asc"}
    answer = admin.json_api_call("GET", f"/admin/v2/logs/{log}", asked)
    events = parse.fit("GET", answer, lambda answer: [event(row) for row in parse.items(answer, ROWS[log])])
    more = parse.fit("GET", answer, lambda answer: bool(parse.part(parse.inner(answer, "metadata"), "next_offset")))
    return Page(tuple(sorted(events, key=lambda event: event.at)), more and bool(events))


def _telephony(row: Any) -> TelephonyEvent:
    kind, number, context = (parse.text(row, name) for name in ("type", "phone", "context"))
    return TelephonyEvent(_iso(parse.word(row, "ts")), kind.lower(), number, context)


def _authentication(row: Any) -> AuthenticationEvent:
    at = parse.moment(row, "timestamp")
    if at is None:
        raise parse.Unfit("timestamp")
    said = {name: parse.text(row, name) for name in ("txid", "event_type", "factor", "result", "reason")}
    user, application, device = (parse.inner(row, name) for name in ("user", "application", "access_device"))
    return AuthenticationEvent(
        at=at,
        user_id=parse.text(user, "key"),
        application=parse.text(application, "name"),
        country=parse.text(parse.inner(device, "location"), "country"),
        **said,
    )


def _administrator(row: Any, since: datetime) -> AdministratorEvent:
    """A row without a time counts as the oldest there can be: it is looked at, whatever it is."""
    row = row if isinstance(row, dict) else {}
    seconds = _whole(row, "timestamp")
    at = since if seconds is None or seconds > LATEST else EPOCH + seconds * SECOND
    action = parse.remark(row, "action").lower()
    codes = _codes(row.get("description")) if action == CODES_MADE else None
    return AdministratorEvent(at, parse.remark(row, "username"), action, codes)


LATEST: Final = 10**11


def _codes(description: Any) -> CodesMade:
    """`description` is JSON in a text."""
    try:
        said = json.loads(description) if isinstance(description, str) else description
    except (ValueError, RecursionError):
        said = None
    said = said if isinstance(said, dict) else {}
    ids = said.get("bypass_code_ids")
    return CodesMade(
        user_id=parse.remark(said, "user_id"),
        count=_whole(said, "count"),
        valid_secs=_whole(said, "valid_secs"),
        uses=_whole(said, "remaining_uses"),
        ids=tuple(each for each in ids if isinstance(each, str)) if isinstance(ids, list) else (),
    )


def _whole(row: Any, name: str) -> int | None:
    """As `parse.whole`, and None for whatever isn't one."""
    try:
        return parse.whole(row, name)
    except parse.Unfit:
        return None


def _iso(stamp: str) -> datetime:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        raise parse.Unfit("ts") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _milliseconds(at: datetime) -> str:
    return str((at - EPOCH) // MILLISECOND)
