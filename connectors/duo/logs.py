"""Duo's logs (Admin API facts §8). At most one call a minute to each; the authentication log lags two minutes.

duo_client's own methods for them assume the shape of an answer before it is checked, and would fail as bugs do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connectors.duo import parse
from connectors.duo.model import TelephonyEvent
from connectors.duo.transport import Admin

PAGE: Final = "1000"  # the most; as a text, because duo_client can't sign a number in a GET
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ROWS: Final = {"telephony": "items", "authentication": "authlogs"}
MILLISECOND: Final = timedelta(milliseconds=1)


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


def telephony(admin: Admin, since: datetime, until: datetime) -> tuple[TelephonyEvent, ...]:
    """The texts and calls Duo sent between the two times, oldest first."""
    return tuple(_rows(admin, "telephony", since, until, _telephony))


def authentication(admin: Admin, since: datetime, until: datetime) -> tuple[AuthenticationEvent, ...]:
    """The logins and enrolments between the two times, oldest first."""
    return tuple(_rows(admin, "authentication", since, until, _authentication))


def _rows(admin: Admin, log: str, since: datetime, until: datetime, event: Any) -> Iterator[Any]:
    asked = {"mintime": _milliseconds(since), "maxtime": _milliseconds(until), "limit": PAGE, "sort": "ts:asc"}
    seen: set[str] = set()
    after: str | None = ""
    while after is not None:
        params = {**asked, "next_offset": after} if after else dict(asked)
        answer = admin.json_api_call("GET", f"/admin/v2/logs/{log}", params)
        yield from parse.fit("GET", answer, lambda answer: [event(row) for row in parse.items(answer, ROWS[log])])
        after = parse.fit("GET", answer, lambda answer: _after(answer, seen))


def _after(answer: Any, seen: set[str]) -> str | None:
    """Where the next page begins: a text, or a list of two of them that is sent back joined. None on the last page."""
    named = parse.part(parse.inner(answer, "metadata"), "next_offset")
    if not named:
        return None
    offset = ",".join(str(each) for each in named) if isinstance(named, list) else str(named)
    if offset in seen:
        raise parse.Unfit("it names the same page again")
    seen.add(offset)
    return offset


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


def _iso(stamp: str) -> datetime:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        raise parse.Unfit("ts") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _milliseconds(at: datetime) -> str:
    return str((at - EPOCH) // MILLISECOND)
