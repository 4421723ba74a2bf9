"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 11, 24, 15, 0, 0, tzinfo=UTC)


class Clock:
    """Call it for the time; `advance` moves it."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by
