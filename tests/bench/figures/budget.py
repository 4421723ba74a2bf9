"""Under a budget of Duo calls: how much of it is used, and whether any minute holds more than it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from tests.bench.figure import Figure
from tests.bench.place import place

PER_MINUTE: Final = 240
MANY: Final = 240
MINUTE: Final = 60.0
CONCURRENCY: Final = 16


def measure() -> Iterator[Figure]:
    """A backlog of two calls each, longer than a minute's budget; arrivals as Duo counts them."""
    with place({"duo": {"calls_per_minute": PER_MINUTE}, "worker": {"concurrency": CONCURRENCY}}) as here:
        here.far.ask("file", "key.bypass_code", MANY)
        here.poll()
        here.far.ask("forget")
        here.work_off()
        came = sorted(here.far.ask("arrivals", "duo"))
        yield Figure("share of the Duo budget used", used(came), "share", 0.95, "at least")
        yield Figure("minutes over the Duo budget", over(came), "calls", 0)


def used(came: Sequence[float]) -> float:
    """Of what the limit allows while the backlog lasts; the last call opens no span."""
    return (len(came) - 1) / ((came[-1] - came[0]) / MINUTE * PER_MINUTE)


def over(came: Sequence[float]) -> int:
    """Calls at whose arrival the minute before held more than the limit."""
    return sum(place + 1 - bisect_left(came, at - MINUTE) > PER_MINUTE for place, at in enumerate(came))
