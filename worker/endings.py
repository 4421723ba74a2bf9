"""The ways a request leaves the worker's hands: each writes the state with the undo list and what is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from worker.case import Case
from worker.fulfil import Wait
from worker.ledger import requests
from worker.ledger.requests import PersonBusy
from worker.ledger.rows import Planned, Request
from worker.ledger.states import State
from worker.undo import undo_list

OTHER_AGAIN = timedelta(minutes=15)
VANISHED = "the ticket isn't shown any more"
"""How a request ends whose ticket nobody closed."""


@dataclass(frozen=True)
class Reason:
    """Why a request ends as it does: the row's id, a sentence, and what a technician should do."""

    row: str
    because: str
    next_step: str = ""

    def columns(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {"rule_row": self.row, "because": self.because, "next_step": self.next_step}


def hold(case: Case, reason: Reason, *, tells: Sequence[str] = ("tell_held",), **values: Any) -> None:
    """A person has it: everything of it is undone, and the ticket says why and what to do. What is unsure stays so."""
    to = State.UNSURE if case.request.state is State.UNSURE else State.HELD
    _leave(case, to, "request_held", tells, detail={"row": reason.row}, **{**values, **reason.columns()})


def end_enrolled(case: Case, reason: Reason, **values: Any) -> None:
    """Duo shows the new device: what is left is undone, the person is told, the ticket is closed."""
    told = ("notice_added", "tell_enrolled")
    _leave(case, State.CLOSED, "request_enrolled", told, how="enrolled", detail={"row": reason.row}, **values)


def give_up(case: Case, reason: Reason, *, closes: bool, **values: Any) -> None:
    """The person never did: what is left is undone, and the ticket is closed as incomplete, or a person has it."""
    if closes:
        told = ("tell_given_up",)
        _leave(case, State.CLOSED, "request_given_up", told, how="given up", **{**values, **reason.columns()})
        return
    do = (
        "ask the person whether they still need it; assign the ticket to the worker to have it given again, or close it"
    )
    hold(case, replace(reason, next_step=do), how="given up", **values)


def doubt(case: Case, step: str, why: str) -> None:
    """As `hold`, and something may be alive that can't be told."""
    because = f"the effect of {step} can't be told: {why}"
    do = "in the Duo Admin Panel (Users), look at the person's bypass codes and devices; remove what shouldn't be"
    reason = Reason("unsure", because, do)
    _leave(
        case, State.UNSURE, "request_unsure", ["tell_held"], detail={"row": reason.row}, trouble=f"unsure: {step}",
        **reason.columns(),
    )  # fmt: skip


def refuse(case: Case, reason: Reason, **values: Any) -> None:
    """Nothing will be done."""
    _leave(case, State.REFUSED, "request_refused", ["tell_refused"], **{**values, **reason.columns()})


def step_back(case: Case) -> None:
    """A technician has the ticket: what was begun is undone, and that is said once."""
    reason = Reason("technician", "a technician has taken the ticket")
    outcome = case.request.outcome or "hold"
    values = {"handed_over": True, "outcome": outcome, **reason.columns()}
    _leave(case, State.HELD, "technician_took_over", ["tell_stepped_back"], **values)


def last_look(case: Case) -> list[str]:
    """What follows where somebody else ends a delivered request: a device added meanwhile is told of."""
    return ["notice_if_added"] if case.request.state is State.AWAITING else []


def close(case: Case, how: str, *, tell: bool) -> None:
    """The ticket is closed, by whomever: what is alive is undone, and said where something was."""
    undone = undo_list(case.journal())
    told = [*last_look(case), *(["tell_closed"] if tell and undone else [])]
    _leave(case, State.CLOSED, "request_closed", told, how=how)


def close_with_pointer(case: Case, other: Request) -> None:
    """The person is enrolled through another request."""
    because = f"the person was enrolled through {other.number}"
    _leave(case, State.CLOSED, "request_closed", ["tell_enrolled"], how="enrolled elsewhere", because=because,
           next_step=other.number)  # fmt: skip


def wait_for_other(case: Case) -> None:
    """Another request of this person is under way.

    Raises:
        Wait: Always.
    """
    with case.worker.ledger.reading() as connection:
        other = requests.other_of_person(connection, case.request)
    row = f"request:{other.id}" if other else ""
    raise Wait(case.now + OTHER_AGAIN, "another request of this person", wait_row=row)


def _leave(case: Case, to: State, event: str, tells: Sequence[str], **values: Any) -> None:
    plan = [*undo_list(case.journal(), again=True), *(Planned(name) for name in tells)]
    try:
        case.move(to, event, plan=plan, **values)
    except PersonBusy:
        case.move(State.HELD, event, plan=plan, **values)
    with case.worker.ledger.writing() as connection:
        requests.wake_others(connection, case.request, case.now)
