"""Calls until a request is delivered, by option and system, with the fewest that would do beside them."""

from collections.abc import Iterator, Mapping
from typing import Final

from tests.bench.district import OPTIONS
from tests.bench.figure import Figure
from tests.bench.place import Place, place
from tests.rig import SYSTEMS, System

EACH: Final = 40
OTHERS: Final = ("duo", "password_pusher", "mail")
CHANGES: Final = {"teamdynamix": {"comments_are_mailed": True}}
"""As shipped; the sandbox's own configuration has a passphrase in the comment, before which tickets are read again."""

OF_TICKETS: Final[Mapping[System, Mapping[str, float | None]]] = {
    "servicenow": {"write": 2, "read": 0.1},
    "teamdynamix": {"write": 2, "detail": 1, "search": 0.1, "feed": None, "person": None, "afterwards": None},
}
"""The most of each kind (`tests.bench.kinds`), a poll's share of a page or search among them."""

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
    """One place for each ticket system, and on it all options, one after the other."""
    for system in SYSTEMS:
        with place(CHANGES, system=system) as here:
            here.poll()
            for option in OPTIONS:
                yield from _measured(here, system, option)


def _measured(here: Place, system: System, option: str) -> Iterator[Figure]:
    here.far.ask("file", option, EACH)
    before = here.delivered()
    here.far.ask("forget")
    here.poll()
    here.work_off()
    done = here.delivered() - before
    if done != EACH:
        raise AssertionError(f"{done} of {EACH} {option} were delivered")
    calls = here.far.ask("calls")
    for kind, most in OF_TICKETS[system].items():
        yield Figure(f"calls/{option}/{system} {kind}", calls.get((system, kind), 0) / EACH, "calls", most)
    yield from _of_others(option, system, calls)
    here.far.ask("forget")
    here.poll()
    again = sum(count for (each, _), count in here.far.ask("calls").items() if each == system)
    yield Figure(f"calls/{option}/{system} at the poll after", again / EACH, "calls")


def _of_others(option: str, system: System, calls: Mapping[tuple[str, str], int]) -> Iterator[Figure]:
    for other in OTHERS:
        made = (calls.get((other, "read"), 0) + calls.get((other, "write"), 0)) / EACH
        most = MOST_TO_ADD_A_PHONE if other == "duo" and option == "mobile.add_phone" else MOST.get(other)
        yield Figure(f"calls/{option}/{system}/{other}", made, "calls", most)
        yield Figure(f"calls/{option}/{system}/{other} (fewest possible)", FEWEST[option][other], "calls")
