"""One request as the report counts it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.facts import OPTIONS

UNDECIDED, NO_OPTION = "not decided", "no option"

STANDINGS = ("new", "acting", "awaiting", "enrolled", "closed", "held", "unsure", "refused")
"""The ledger's states, but that `closed` is told apart: `enrolled`, and `closed` without that."""


@dataclass(frozen=True)
class Code:
    """A bypass code that was made. `until`: it lapses then; `taken_back`: the worker was told to revoke it."""

    made_at: datetime
    until: datetime
    taken_back: bool
    duo_user_id: str


@dataclass(frozen=True)
class Hold:
    """That the request was held; `row` is empty where the ledger doesn't say for which reason."""

    at: datetime
    row: str


@dataclass(frozen=True)
class Story:
    """`option` is the one last decided, with what follows it.

    `for_a_look`: Duo showed a new device that wasn't quite what was asked for, and a person was to look at it.
    `warned_at`: the person was told that the code was used and nothing added.
    """

    ticket: str
    option: str
    standing: str
    held_for: str
    filed_at: datetime
    delivered_at: datetime | None
    enrolled_at: datetime | None
    for_a_look: bool
    warned_at: datetime | None
    holds: tuple[Hold, ...]
    codes: tuple[Code, ...]

    @property
    def to_delivered(self) -> timedelta | None:
        return self.delivered_at - self.filed_at if self.delivered_at else None

    @property
    def to_enrolled(self) -> timedelta | None:
        return self.enrolled_at - self.filed_at if self.enrolled_at else None

    @property
    def by_code(self) -> bool:
        """Whether what was decided last is a bypass code."""
        return self.option.endswith("bypass_code")


def option_of(outcome: str, words: str) -> str:
    """The option to count a request under: `words`, unless its outcome is none."""
    if outcome in OPTIONS:
        return words
    return NO_OPTION if outcome else UNDECIDED
