"""A poll that finds nothing new."""

from collections.abc import Iterator
from typing import Final

from tests.bench.figure import Figure
from tests.bench.place import place

POLLS: Final = 10


def measure() -> Iterator[Figure]:
    """After some requests were served, so that the overlap of the windows has something in it."""
    with place() as here:
        here.far.ask("file", "key.bypass_code", 20)
        here.poll()
        here.work_off()
        here.poll()
        here.far.ask("forget")
        for _ in range(POLLS):
            here.poll()
        yield Figure("poll with nothing new", sum(here.far.ask("calls").values()) / POLLS, "calls", 1)
