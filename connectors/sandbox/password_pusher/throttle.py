"""Counting in fixed windows, as rack-attack and Rails' rate_limit do."""

from collections.abc import Hashable
from datetime import datetime, timedelta


class Windows:
    """How often each key came in the running window of `length`. Windows begin at multiples of it since 1970.

    Change it only under the server's lock.
    """

    def __init__(self, length: timedelta) -> None:
        self._length = int(length.total_seconds())
        self._window = 0
        self._counts: dict[Hashable, int] = {}

    def count(self, key: Hashable, now: datetime) -> int:
        """How often `key` came in this window, this time included."""
        window = int(now.timestamp()) // self._length
        if window != self._window:
            self._window = window
            self._counts.clear()
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]

    def seconds_left(self, now: datetime) -> int:
        """Until the running window ends: what Retry-After says."""
        return self._length - int(now.timestamp()) % self._length
