"""What a step is: one thing done outside, and how to find out whether it was done when its answer was lost.

`act` sends; `look` is asked after a crash or a lost answer, before anything is sent again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from connectors.errors import Misconfigured, Unavailable, Uncertain
from connectors.secret import Secret
from worker.case import Case
from worker.ledger.database import Within, nothing
from worker.ledger.rows import StepRow
from worker.ledger.steps import Cap

Thing = TypeVar("Thing")
Called = Literal["duo", "mail", "tickets"]
"""Whose budget a first call takes from."""


@dataclass(frozen=True)
class Result:
    """What a step leaves in the journal. In the same transaction `values` are set on the request, and `also` writes."""

    note: dict[str, Any] = field(default_factory=dict)
    secret: Secret | None = None
    made_phone: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    also: Within = nothing


@dataclass(frozen=True)
class Done:
    """It was done; `result` is what the lost answer would have said."""

    result: Result = field(default_factory=Result)


@dataclass(frozen=True)
class Again:
    """It wasn't done, or doing it once more changes nothing: send the same again."""


@dataclass(frozen=True)
class NextAttempt:
    """What the attempt left behind is gone: another one may be begun."""


@dataclass(frozen=True)
class NotYet:
    """It can't be told before `until`."""

    until: datetime


@dataclass(frozen=True)
class CannotTell:
    """It will never be told: a person must look. `why` is a sentence for a technician."""

    why: str


Seen = Done | Again | NextAttempt | NotYet | CannotTell


def no_intent(_case: Case, _row: StepRow) -> dict[str, Any]:
    """Nothing needs to be known before it is sent."""
    return {}


def repeatable(_case: Case, _row: StepRow) -> Seen:
    """For a step that changes nothing when it is done twice."""
    return Again()


def one_by_one(things: Iterable[Thing], do: Callable[[Thing], object]) -> None:
    """For a step that makes several calls: once one of them was made, the step isn't "not sent" any more.

    Raises:
        Unavailable, Misconfigured: Nothing was done.
        Uncertain: Some of it was done, and all of it may be done again.
    """
    for place, thing in enumerate(things):
        try:
            do(thing)
        except (Unavailable, Misconfigured) as failed:
            if place == 0:
                raise
            raise Uncertain(failed.system, f"only a part was done: {failed.detail}") from failed


@dataclass(frozen=True)
class Step:
    """One row of the step table.

    `attempts` is how often a new attempt may be begun after `NextAttempt`; `matters` is False for a mail whose refusal
    must not stop what comes after it; `refusal_is_final` is False for a note, which may be taken another time. `calls`
    is what its first call goes to, where there always is one: its slot is taken in the transaction that begins it.
    """

    act: Callable[[Case, StepRow], Result]
    look: Callable[[Case, StepRow], Seen] = repeatable
    intend: Callable[[Case, StepRow], dict[str, Any]] = no_intent
    attempts: int = 1
    cap: Callable[[Case], Cap] | None = None
    matters: bool = True
    refusal_is_final: bool = True
    calls: Called | None = None
