"""Deciding a new request: facts, tables, and the decision written down with its steps in one transaction."""

from typing import Any

from pydantic import TypeAdapter

from rules.decide import decide
from rules.decision import Decision
from rules.facts import Facts
from rules.plan import plan
from worker.case import Case
from worker.devices import baseline
from worker.endings import Reason, close_with_pointer, hold, refuse, wait_for_other
from worker.facts.gather import Gathered, gather
from worker.facts.staff_notes import desk_note
from worker.filing import edited_at, substance
from worker.fulfil import Wait
from worker.known import known
from worker.ledger import history, requests
from worker.ledger.requests import PersonBusy
from worker.ledger.rows import Planned, Request
from worker.ledger.states import State
from worker.markers import NOTE_PREFIX
from worker.undo import undo_list

FACTS = TypeAdapter(Facts)
SHADOW = "shadow mode: decided, nothing done"


def look_up(case: Case) -> Gathered:
    """Read the facts anew and keep them with the case."""
    worker, now, ticket = case.worker, case.now, case.ticket
    case.gathered = gather(
        ticket,
        known(worker.ledger, case.request, case.journal(), ticket, worker.windows(now), me=worker.me),
        worker.directory(),
        worker.policy,
        worker.systems.duo,
        me=worker.me,
        marker_prefix=NOTE_PREFIX,
        now=now,
    )
    case.gathered_at, case.gathered_of = now, ticket
    return case.gathered


def decide_case(case: Case) -> None:
    """Turn a `new` request into an acting, held, refused or waiting one.

    Raises:
        Wait: It stays new until something happens.
    """
    pointer = None if case.worker.shadow else _waited_for(case)
    if pointer is None or not _follow(case, pointer):
        found = look_up(case)
        _carry_out(case, decide(found.facts, case.worker.tables.guards, case.worker.tables.enrollment))


def _carry_out(case: Case, decision: Decision) -> None:
    if case.worker.shadow:
        _only_write_down(case, decision)
    match decision.outcome:
        case "hold":
            hold(case, _reason(decision), **written(case, decision))
        case "refuse":
            refuse(case, _reason(decision), **written(case, decision))
        case "wait":
            _wait(case, decision)
        case _:
            _begin(case, decision)


def _begin(case: Case, decision: Decision) -> None:
    names = plan(decision.outcome, decision.then, case.found.facts)
    steps = [*undo_list(case.journal()), *(Planned(name) for name in names)]
    try:
        case.move(State.ACTING, "request_decided", plan=steps, **written(case, decision))
    except PersonBusy:
        wait_for_other(case)


def _wait(case: Case, decision: Decision) -> None:
    if decision.again_in is None or decision.at_most is None:
        raise AssertionError("a wait row without its times can't be loaded")
    request = case.request
    since = request.wait_since if request.wait_row == decision.row and request.wait_since else case.now
    if case.now - since >= decision.at_most:
        return hold(case, _reason(decision), **written(case, decision))
    raise Wait(case.now + decision.again_in, decision.because, wait_row=decision.row, wait_since=since)


def _reason(decision: Decision) -> Reason:
    return Reason(decision.row, decision.because, decision.next_step)


def _only_write_down(case: Case, decision: Decision) -> None:
    requests.record(case.worker.ledger, case.claim, case.now, "decided_in_shadow", **written(case, decision))
    raise Wait(None, SHADOW)


def written(case: Case, decision: Decision) -> dict[str, Any]:
    """What the ledger keeps of a decision."""
    found, keys = case.found, case.worker.ledger.keys
    return {
        "round": case.request.round + 1,
        "outcome": decision.outcome,
        "then_option": decision.then,
        "rule_row": decision.row,
        "because": decision.because,
        "next_step": decision.next_step,
        "proof": decision.proof,
        "evidence": list(found.evidence),
        "tables_version": decision.version,
        "decided_at": case.now,
        "decided_digest": keys.digest(substance(case.ticket)),
        "duo_user_id": found.user.user_id if found.user else "",
        "address_digest": keys.digest(found.addresses.link_to),
        "facts": keys.seal(FACTS.dump_json(found.facts).decode()),
        "baseline": baseline(case.found.user),
        "followed": {"desk_note": _desk_note(case), "approved": case.ticket.approval == "approved"},
        "how": "",
        "wait_row": "",
        "wait_since": None,
        "trouble": "",
    }


def _desk_note(case: Case) -> str:
    """The `#verified` note that was there: only another one lifts a hold for want of it."""
    worker = case.worker
    since = edited_at(case.ticket, case.request, worker.ledger.keys)
    note = desk_note(case.ticket, worker.directory(), worker.policy, me=worker.me, since=since)
    return "" if note is None else note.id


def _waited_for(case: Case) -> Request | None:
    """The other request of this person that this one waited for."""
    kind, _, other = case.request.wait_row.partition(":")
    if kind != "request":
        return None
    with case.worker.ledger.reading() as connection:
        return history.by_id(connection, int(other))


def _follow(case: Case, other: Request) -> bool:
    """End as the other request did, where that settles this one too; False: it is to be decided by itself.

    Raises:
        Wait: The other one hasn't ended.
    """
    match other.state:
        case State.ACTING | State.AWAITING | State.UNSURE:
            wait_for_other(case)
        case State.CLOSED if other.how == "enrolled":
            close_with_pointer(case, other)
        case State.HELD:
            because = f"the same person's request {other.number} is held"
            do = f"settle {other.number} first; then close this one or assign it to the worker"
            hold(case, Reason("another-request", because, do))
        case _:
            return False
    return True
