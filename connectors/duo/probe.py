"""Harmless questions to the Admin API: may this application do what the worker needs, and do the clocks agree."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from connectors.duo import codes, logs
from connectors.duo.transport import Admin
from connectors.errors import ConnectorError, Unavailable

NOBODYS_CODE: Final = "DB000000000000000000"  # deleting a bypass code that isn't there is no error and does nothing
SKEW: Final = timedelta(minutes=1)  # Duo refuses from some minutes on; from how many isn't told

Finding = tuple[str, bool | None, str]  # what was asked, whether it is as needed (None: not asked now), a sentence


def probes(admin: Admin, now: datetime) -> Iterator[Finding]:
    """One finding a question. Nothing is changed at Duo, although one of them needs the right to write."""
    skews: list[timedelta | None] = []
    yield _granted("Grant resource - Read", lambda: skews.append(clock_skew(admin)))
    yield from (_clock(skew) for skew in skews)
    yield _granted("Grant resource - Write", lambda: codes.revoke(admin, NOBODYS_CODE))
    yield _granted("Grant read log", lambda: logs.telephony(admin, now - timedelta(seconds=1), now))


def clock_skew(admin: Admin) -> timedelta | None:
    """How far this machine's clock is ahead of Duo's, within some seconds; None where Duo's answer has no time."""
    response, _ = admin.api_call("GET", "/admin/v1/users", {"limit": "1", "offset": "0"})
    return response.skew


def _granted(right: str, ask: Callable[[], object]) -> Finding:
    try:
        ask()
    except ConnectorError as error:
        is_later = isinstance(error, Unavailable) and error.retry_after is not None
        return right, None if is_later else False, error.detail
    return right, True, "granted"


def _clock(skew: timedelta | None) -> Finding:
    if skew is None:
        return "clock", True, "Duo's answer has no time to compare with"
    return "clock", abs(skew) < SKEW, f"{skew.total_seconds():+.0f} s against Duo's"
