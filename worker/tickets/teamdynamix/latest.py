"""Tickets as our own calls showed them a moment ago, so that a claim and a delivery needn't read them once more."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from connectors.teamdynamix.tickets import Details

MOMENT: Final = timedelta(seconds=5)
"""For how long a reading stands for "just before the write": what others do in between is seen after it only."""
ROOM: Final = 5_000

Key = tuple[int, int]  # application and id


class Latest:
    """The last reading of each ticket, for a moment. Safe to share between threads.

    A reading that began before a write of ours, in this process, is never kept after it.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: dict[Key, tuple[datetime, Details]] = {}
        self._written: dict[Key, int] = {}
        self._turn = 0
        self._lock = threading.Lock()

    def begin(self) -> int:
        """A call begins; its number, for `keep`."""
        with self._lock:
            self._turn += 1
            return self._turn

    def keep(self, details: Details, began: int, at: datetime) -> None:
        """The answer to the call `began`, which was sent `at` that time."""
        key = (details.row.app, details.row.id)
        with self._lock:
            if began < self._written.get(key, 0):
                return
            self._kept.pop(key, None)
            self._kept[key] = (at, details)
            _trim(self._kept)

    def take(self, key: Key) -> Details | None:
        """The last reading, if it is as young as that. It is about to be written to: nothing read before counts now."""
        with self._lock:
            self._turn += 1
            self._written.pop(key, None)
            self._written[key] = self._turn
            _trim(self._written)
            at, details = self._kept.pop(key, (None, None))
        now = self._clock()
        return details if at is not None and now - MOMENT <= at <= now else None


def _trim(kept: dict[Key, Any]) -> None:
    while len(kept) > ROOM:
        kept.pop(next(iter(kept)))
