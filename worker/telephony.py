"""Duo's telephony log, read once for all who wait: it may be read once a minute, and a bad day loses many answers.

Source: Duo Admin API facts §8.
"""

import threading
import time
from datetime import datetime, timedelta

from connectors.duo import logs
from connectors.duo.logs import Page
from connectors.duo.model import TelephonyEvent
from connectors.duo.transport import Admin
from connectors.gate import BudgetSpent
from worker.case import Clock
from worker.gates import LOG_EVERY
from worker.ledger.columns import EPOCH

SHARED = timedelta(minutes=15)
"""How far back a reading goes at least: what others ask for next is in it."""

SET_BACK = 60.0
"""Seconds; less does no harm, as the log is asked for what is three minutes old."""


class TelephonyLog:
    """What was read last. Safe to share between threads: whoever comes while it is read waits for that."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since = self._until = EPOCH
        self._ahead = 0.0
        self._page = Page[TelephonyEvent]((), more=False)

    def told(self, duo: Admin, since: datetime, until: datetime) -> Page[TelephonyEvent]:
        """What it tells of that time, and maybe of more; where there was `more` than it can tell, not of all of it.

        Raises:
            ConnectorError: It can't be read now; `Unavailable` with a time where it was read less than a minute ago.
        """
        with self._lock:
            if since < self._since or self._until < until or self._is_set_back():
                self._read(duo, since, until)
            if self._until < until and self._since < since:
                raise BudgetSpent("duo", "its telephony log is long; it is read anew", retry_after=LOG_EVERY)
            return Page(self._page.events, self._until < until)

    def _read(self, duo: Admin, since: datetime, until: datetime) -> None:
        now, self._ahead = self._clock(), self._gap()
        begin, end = min(since, now - SHARED), now
        if self._page.more:  # after too much, no more than is needed
            begin, end = since, min(until, now)
        page = logs.telephony(duo, begin, end)
        self._page, self._since = page, begin
        self._until = page.events[-1].at if page.more else end

    def _is_set_back(self) -> bool:
        """Whether the clock was, since the reading: it would pass for later than what was done after it."""
        return self._gap() < self._ahead - SET_BACK

    def _gap(self) -> float:
        return self._clock().timestamp() - time.monotonic()
