"""500 requests at realistic latencies: how near to what waiting alone takes, and what CPU each costs."""

from collections.abc import Iterator, Mapping
from typing import Final

from tests.bench.figure import Figure
from tests.bench.place import Place, place
from tests.postgres import databases

MANY: Final = 500
CONCURRENCY: Final = 16
LATENCY: Final = {"servicenow": 150, "duo": 100, "password_pusher": 80, "mail": 20}


def measure() -> Iterator[Figure]:
    """The longest option, a bypass code by a link in a mail."""
    yield from _measured({}, "", 1.25)


def on_postgresql() -> Iterator[Figure]:
    """The same, by one worker with its ledger there."""
    with databases() as found:
        url = found.make()
        yield from _measured({"state": url}, " on PostgreSQL", 1.35)


def _measured(ledger: Mapping[str, str], where: str, target: float) -> Iterator[Figure]:
    with place({"worker": {"concurrency": CONCURRENCY, **ledger}}) as here:
        here.far.ask("file", "key.bypass_code", MANY)
        here.poll()
        here.far.ask("latency", LATENCY)
        here.far.ask("forget")
        spent = here.work_off()
        _all_delivered(here)
        waited = waiting(here.far.ask("calls"))
        yield Figure(
            f"500 requests{where}: wall ÷ (Σ latency ÷ 16)", spent.wall / (waited / CONCURRENCY), "ratio", target
        )
        yield Figure(f"500 requests{where}: wall", spent.wall, "s")
        yield Figure(f"worker CPU per fulfilled request{where}", spent.cpu / MANY * 1000, "ms", 25)


def waiting(calls: Mapping[tuple[str, str], int]) -> float:
    """Seconds that the calls took one after the other, by latency alone."""
    return sum(LATENCY[system] * count for (system, _), count in calls.items()) / 1000


def _all_delivered(here: Place) -> None:
    if (done := here.delivered()) != MANY:
        raise AssertionError(f"{done} of {MANY} were delivered")
