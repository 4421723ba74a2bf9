"""The figures, one file for each thing that is measured; by the name that `python -m tests.bench` takes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.bench.figure import Figure
from tests.bench.figures import (
    batch,
    budget,
    burst,
    calls,
    growth,
    idle,
    latency,
    limits,
    plainest,
    speed,
    three,
    waiting,
)

FIGURES: Final[Mapping[str, Callable[[], Iterator[Figure]]]] = {
    "calls": calls.measure,
    "idle": idle.measure,
    "speed": speed.measure,
    "speed-postgresql": speed.on_postgresql,
    "three-workers": three.measure,
    "latency": latency.measure,
    "plainest": plainest.measure,
    "budget": budget.measure,
    "limits": limits.measure,
    "waiting": waiting.measure,
    "batch": batch.measure,
    "growth": growth.measure,
    "burst": burst.measure,
}
