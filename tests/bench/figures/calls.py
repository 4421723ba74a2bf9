"""Calls until a request is delivered, by option and system, with the fewest that would do beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.bench.district import OPTIONS
from tests.bench.figure import Figure
from tests.bench.place import Place, place
from tests.rig import System

EACH: Final = 40
OTHERS: Final = ("duo", "password_pusher", "mail")
MAILED: Final = {"comments_are_mailed": True}
"""As shipped; the sandbox's own configuration has a passphrase in the comment, before which tickets are read again."""

BY_FORM: Final = {"teamdynamix": {**MAILED, "pending_needs_date": False}}


@dataclass(frozen=True)
class Setting:
    """Where the options are measured, and how many requests are filed at once; `name` is what tells it."""

    name: str
    system: System
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    options: tuple[str, ...] = tuple(OPTIONS)
    each: int = EACH
    by_form: bool = False  # the form makes the worker responsible, and no status needs a date
    most: Mapping[str, float] | None = None  # of each kind of call to the ticket system; None: what was asked for


SETTINGS: Final = (
    Setting("servicenow", "servicenow"),
    Setting("teamdynamix", "teamdynamix", BY_FORM, by_form=True),
    Setting("teamdynamix, few at once", "teamdynamix", BY_FORM, ("key.bypass_code",), 5, by_form=True),
    Setting("teamdynamix, assigned by the worker", "teamdynamix", {"teamdynamix": MAILED}, most={"write": 3}),
    Setting("teamdynamix, passphrase too", "teamdynamix", options=("key.bypass_code",), most={"write": 3, "detail": 3}),
)
"""What was asked for is asked of the set-up of deploy/teamdynamix.md; without, it is the fewest (decision 0032)."""

OF_TICKETS: Final[Mapping[System, Mapping[str, float | None]]] = {
    "servicenow": {"write": 2, "read": 0.1},
    "teamdynamix": {"write": 2, "detail": 1, "search": 0.1, "feed": None, "person": None, "afterwards": None},
}
"""The most of each kind (`tests.bench.kinds`), a poll's share of a page or search among them."""
SHARED: Final = ("read", "search")  # the fewer are filed at once, the larger is everybody's share

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
    """One place for each setting, and on it all options, one after the other."""
    for setting in SETTINGS:
        with place(setting.changes, system=setting.system) as here:
            if setting.by_form:
                here.far.ask("assign_by_form")
            here.poll()
            for option in setting.options:
                yield from _measured(here, setting, option)


def _measured(here: Place, setting: Setting, option: str) -> Iterator[Figure]:
    name, system = f"calls/{option}/{setting.name}", setting.system
    here.far.ask("file", option, setting.each)
    before = here.delivered()
    here.far.ask("forget")
    here.poll()
    here.work_off()
    done = here.delivered() - before
    if done != setting.each:
        raise AssertionError(f"{done} of {setting.each} {option} were delivered")
    calls = here.far.ask("calls")
    for kind in OF_TICKETS[system]:
        most = (OF_TICKETS[system] if setting.most is None else setting.most).get(kind)
        is_told = kind not in SHARED or setting.each == EACH
        made = calls.get((system, kind), 0) / setting.each
        yield Figure(f"{name} {kind}", made, "calls", most if is_told else None)
    yield from _of_others(name, option, calls, setting.each)
    here.far.ask("forget")
    here.poll()
    again = sum(count for (each, _), count in here.far.ask("calls").items() if each == system)
    yield Figure(f"{name} at the poll after", again / setting.each, "calls")


def _of_others(name: str, option: str, calls: Mapping[tuple[str, str], int], each: int) -> Iterator[Figure]:
    for other in OTHERS:
        made = (calls.get((other, "read"), 0) + calls.get((other, "write"), 0)) / each
        most = MOST_TO_ADD_A_PHONE if other == "duo" and option == "mobile.add_phone" else MOST.get(other)
        yield Figure(f"{name}/{other}", made, "calls", most)
        yield Figure(f"{name}/{other} (fewest possible)", FEWEST[option][other], "calls")
