"""A backlog's write-back with the Batch API and without, where ServiceNow's budget limits and where it doesn't.

The stand-in works on the items of a batch one after the other, as an instance may: each takes as long as a single
write less the way there and back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.bench.figure import Figure
from tests.bench.figures.speed import CONCURRENCY, LATENCY
from tests.bench.place import place

MANY: Final = 60
BUDGET: Final = 120
ITEM: Final = 100  # ms of ServiceNow's 150
WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "without": {},
    "counted as items": {"batch": True, "batch_counts": "items"},
    "counted as one": {"batch": True, "batch_counts": "one"},
}


@dataclass(frozen=True)
class Taken:
    """Seconds, and calls to ServiceNow."""

    wall: float
    calls: int


def measure() -> Iterator[Figure]:
    """All ways under a budget of 120 calls a minute, and where calls are free; what is told is seconds and calls."""
    for limit, calls_per_minute in ((f"{BUDGET} calls a minute", BUDGET), ("free calls", 10_000)):
        taken = {way: _worked_off({**keys, "calls_per_minute": calls_per_minute}) for way, keys in WAYS.items()}
        for way, each in taken.items():
            yield Figure(f"{MANY} requests, {limit}, batch {way}: wall", each.wall, "s")
            yield Figure(f"{MANY} requests, {limit}, batch {way}: calls to ServiceNow", each.calls, "calls")
        share = taken["counted as one"].wall / taken["without"].wall
        yield Figure(f"{limit}: wall with batches counted as one ÷ without", share, "ratio", _target(calls_per_minute))


def _target(calls_per_minute: int) -> float | None:
    return 0.5 if calls_per_minute == BUDGET else None


def _worked_off(servicenow: Mapping[str, Any]) -> Taken:
    with place({"worker": {"concurrency": CONCURRENCY}, "servicenow": servicenow}) as here:
        here.far.ask("file", "key.bypass_code", MANY)
        here.poll()
        here.far.ask("latency", LATENCY)
        here.far.ask("slow_items", ITEM)
        here.far.ask("forget")
        spent = here.work_off()
        calls = sum(count for (system, _), count in here.far.ask("calls").items() if system == "servicenow")
        if (done := here.delivered()) != MANY:
            raise AssertionError(f"{done} of {MANY} were delivered")
        return Taken(spent.wall, calls)
