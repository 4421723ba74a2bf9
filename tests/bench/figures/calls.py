"""Calls until a request is delivered, by option and system, with the fewest that would do beside them."""

from collections.abc import Iterator, Mapping
from typing import Final

from tests.bench.district import OPTIONS
from tests.bench.figure import Figure
from tests.bench.place import place

EACH: Final = 40
SYSTEMS: Final = ("servicenow", "duo", "password_pusher", "mail")

FEWEST: Final[Mapping[str, Mapping[str, float]]] = {
    "mobile.activation_link": {"duo": 2, "password_pusher": 0, "mail": 1},
    "mobile.bypass_code": {"duo": 2, "password_pusher": 1, "mail": 2},
    "mobile.add_phone": {"duo": 4, "password_pusher": 0, "mail": 1},
    "key.bypass_code": {"duo": 2, "password_pusher": 1, "mail": 2},
    "key.enrollment_link": {"duo": 2, "password_pusher": 0, "mail": 1},
}
"""Find the user and do what the option is (a phone: made, attached, texted); a notice, and the link's mail."""

MOST: Final[Mapping[str, float]] = {"duo": 3, "password_pusher": 1}
MOST_TO_ADD_A_PHONE: Final = 6


def measure() -> Iterator[Figure]:
    """One place for all options, one after the other."""
    with place() as here:
        here.poll()
        for option in OPTIONS:
            here.far.ask("file", option, EACH)
            before = here.delivered()
            here.far.ask("forget")
            here.poll()
            here.work_off()
            done = here.delivered() - before
            if done != EACH:
                raise AssertionError(f"{done} of {EACH} {option} were delivered")
            yield from _told(option, here.far.ask("calls"))


def _told(option: str, calls: Mapping[tuple[str, str], int]) -> Iterator[Figure]:
    yield Figure(f"calls/{option}/servicenow writes", calls.get(("servicenow", "write"), 0) / EACH, "calls", 2)
    yield Figure(f"calls/{option}/servicenow reads", calls.get(("servicenow", "read"), 0) / EACH, "calls", 0.1)
    for system in SYSTEMS[1:]:
        made = (calls.get((system, "read"), 0) + calls.get((system, "write"), 0)) / EACH
        most = MOST_TO_ADD_A_PHONE if system == "duo" and option == "mobile.add_phone" else MOST.get(system)
        yield Figure(f"calls/{option}/{system}", made, "calls", most)
        yield Figure(f"calls/{option}/{system} (fewest possible)", FEWEST[option][system], "calls")
