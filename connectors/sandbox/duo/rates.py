"""Calls a minute, as arrivals at the account are counted (§10: an engineer's numbers of 2019, so they may be set)."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MINUTE: Final = timedelta(minutes=1)


class Kind(StrEnum):
    """What a call counts as; `TOTAL` counts all of them and has no limit of Duo's."""

    MODIFY = "modify an object"
    ONE = "get one"
    PAGE = "get a page"
    UNPAGED = "get all unpaged"
    LOG = "each log"
    TOTAL = "total"


DUO_LIMITS: Final[dict[Kind, int]] = {
    Kind.MODIFY: 300,
    Kind.ONE: 300,
    Kind.PAGE: 200,
    Kind.UNPAGED: 40,
    Kind.LOG: 2,
}


class Rates:
    """Arrivals of the last minute, for each kind and each log. A kind that `limits` doesn't name has none.

    A refused call isn't held against the next one. Arrivals later than now (the clock was set back) are forgotten.
    """

    def __init__(self) -> None:
        self.limits: dict[Kind, int] = dict(DUO_LIMITS)
        self.busiest: dict[Kind, int] = {}  # most arrivals within any minute so far, refused ones included
        self._arrived: defaultdict[Kind, deque[datetime]] = defaultdict(deque)
        self._admitted: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def admit(self, kind: Kind, name: str, at: datetime) -> bool:
        """Count one call on the path `name`, and say whether it is within the limits."""
        for counted in (kind, Kind.TOTAL):
            arrived = self._arrived[counted]
            _drop_old(arrived, at)
            arrived.append(at)
            self.busiest[counted] = max(self.busiest.get(counted, 0), len(arrived))
        budgets = ((kind, name if kind is Kind.LOG else kind.value), (Kind.TOTAL, Kind.TOTAL.value))
        if any(self._full(limited, budget, at) for limited, budget in budgets):
            return False
        for _, budget in budgets:
            self._admitted[budget].append(at)
        return True

    def _full(self, kind: Kind, budget: str, at: datetime) -> bool:
        admitted = self._admitted[budget]
        _drop_old(admitted, at)
        return kind in self.limits and len(admitted) >= self.limits[kind]


def _drop_old(times: deque[datetime], now: datetime) -> None:
    while times and now - times[0] >= MINUTE:
        times.popleft()
    while times and times[-1] > now:
        times.pop()
