"""How long something took, over many requests."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Spread:
    """Minutes. `median` is the mean of the middle two where their number is even.

    `p90` is the shortest time that nine in ten kept: one that really occurred, nothing in between.
    """

    count: int
    median: float
    p90: float


def spread(times: Iterable[timedelta]) -> Spread | None:
    """None where there are no times."""
    minutes = sorted(time / MINUTE for time in times)
    if not minutes:
        return None
    rank = math.ceil(len(minutes) * 9 / 10)
    return Spread(len(minutes), round(statistics.median(minutes), 1), round(minutes[rank - 1], 1))
