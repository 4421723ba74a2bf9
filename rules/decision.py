"""What was decided about a request, and everything that was asked on the way. Plain values, fit to be kept as JSON."""

from dataclasses import dataclass
from datetime import timedelta

from rules.expression import Seen


@dataclass(frozen=True)
class Tried:
    """One condition: its text, whether it held, and what it saw."""

    text: str
    held: bool
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class RowTrace:
    """One row of `file` that was asked.

    `option` is what a `[[proof]]` row was asked for, empty for other rows. `lacks` names the proof that was missing
    where a row matched and was passed over.
    """

    file: str
    row: str
    matched: bool
    tried: tuple[Tried, ...]
    option: str = ""
    lacks: str = ""


@dataclass(frozen=True)
class Decision:
    """`outcome` is an option, or hold, refuse or wait; `row` the id of the row it comes from.

    `then` is the option that follows mobile.add_phone. `proof` names the proof rows that held, one for each of
    `outcome` and `then` that needs one. `version` stands for the content of all tables asked.
    """

    outcome: str
    row: str
    because: str
    next_step: str = ""
    then: str = ""
    proof: str = ""
    again_in: timedelta | None = None
    at_most: timedelta | None = None
    trace: tuple[RowTrace, ...] = ()
    version: str = ""
