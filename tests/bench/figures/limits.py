"""A backlog under TeamDynamix's own limits, which count kinds of calls apart: how fast it goes, what is turned away."""

from collections.abc import Iterator
from threading import Event
from typing import Final

from tests.bench.figure import Figure
from tests.bench.place import place

PER_MINUTE: Final = 55  # as shipped
MANY: Final = 60
CHANGES: Final = {
    "teamdynamix": {"comments_are_mailed": True, "calls_per_minute": PER_MINUTE},
    "worker": {"concurrency": 8},
}


def measure() -> Iterator[Figure]:
    """Texted links, which no other system holds up; after an idle minute, so that all windows are new."""
    with place(CHANGES, system="teamdynamix") as here:
        here.far.ask("count_calls")
        here.far.ask("file", "mobile.activation_link", MANY)
        here.far.ask("forget")
        here.poll()
        pause = Event()
        while here.delivered() < MANY:
            here.work_off()
            pause.wait(1)
        came = sorted(here.far.ask("arrivals", "teamdynamix"))
        yield Figure("TeamDynamix's limits: requests a minute", MANY / ((came[-1] - came[0]) / 60), "requests")
        yield Figure("TeamDynamix's limits: calls turned away", here.far.ask("turned_away"), "calls", 0)
