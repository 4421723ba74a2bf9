"""500 requests at realistic latencies: how near to what waiting alone would take, and what CPU each costs."""

from collections.abc import Iterator, Mapping
from typing import Final

from tests.bench.figure import Figure
from tests.bench.place import Place, place

MANY: Final = 500
CONCURRENCY: Final = 16
LATENCY: Final = {"servicenow": 150, "duo": 100, "password_pusher": 80, "mail": 20}


def measure() -> Iterator[Figure]:
    """The longest option, a bypass code by a link in a mail."""
    with place({"worker": {"concurrency": CONCURRENCY}}) as here:
        here.far.ask("file", "key.bypass_code", MANY)
        here.poll()
        here.far.ask("latency", LATENCY)
        here.far.ask("forget")
        spent = here.work_off()
        _all_delivered(here)
        waited = waiting(here.far.ask("calls"))
        yield Figure("500 requests: wall ÷ (Σ latency ÷ 16)", spent.wall / (waited / CONCURRENCY), "ratio", 1.25)
        yield Figure("500 requests: wall", spent.wall, "s")
        yield Figure("worker CPU per fulfilled request", spent.cpu / MANY * 1000, "ms", 25)


def waiting(calls: Mapping[tuple[str, str], int]) -> float:
    """Seconds that the calls took one after the other, by latency alone."""
    return sum(LATENCY[system] * count for (system, _), count in calls.items()) / 1000


def _all_delivered(here: Place) -> None:
    if (done := here.delivered()) != MANY:
        raise AssertionError(f"{done} of {MANY} were delivered")
