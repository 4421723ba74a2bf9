"""What people did on the ticket, and what follows: closing it, taking it, `#revoke`, `#verified`, handing it back.

Source: design §6.10.
"""

from worker.case import Case
from worker.endings import Reason, close, hold, last_look, step_back
from worker.facts.staff_notes import desk_note, revoke_asked
from worker.filing import edited_at, spent
from worker.ledger.rows import Planned
from worker.ledger.states import WITH_A_PERSON, State
from worker.second_thoughts import again, disapproved, edited, is_reopened, is_so_still
from worker.tickets.ticket import Note, Ticket

VERIFIABLE = ("identity-check", "working-factor")
"""Rows that hold for want of a `#verified` note: one that is there now lifts the hold by itself."""


def hand_over(case: Case) -> bool:
    """Act on what people did; True where that changed the state. Costs no call, but for what was handed back."""
    if case.request.state is State.CLOSED:
        return is_reopened(case)
    if case.ticket.state == "closed":
        close(case, "closed by a person", tell=case.request.state in (State.ACTING, State.AWAITING))
        return True
    if _is_revoked(case):
        return True
    if case.request.state in WITH_A_PERSON:
        return _is_handed_back(case)
    return disapproved(case) or _is_taken(case) or edited(case)


def stopped(case: Case) -> bool:
    """Whether people have closed the ticket, taken it, or asked with `#revoke`: nothing more may be issued."""
    return case.ticket.state == "closed" or is_technicians(case) or revoke_note(case) is not None


def revoke_note(case: Case) -> Note | None:
    """A `#revoke` that wasn't obeyed yet."""
    request, policy = case.request, case.worker.policy
    groups = (*policy.service_desk_groups, *policy.identity_groups)
    note = revoke_asked(case.ticket, case.worker.directory(), groups, me=case.worker.me, since=request.filed_at)
    return None if note is None or note.id == request.revoke_note else note


def _is_revoked(case: Case) -> bool:
    note = revoke_note(case)
    if note is None:
        return False
    because = "staff asked with #revoke to take everything back"
    reason = Reason("revoked", because, "go on by hand, or hand it back")
    told = [*last_look(case), "tell_held"]
    hold(case, reason, tells=told, revoke_note=note.id, **spent(case.request, note.at))
    return True


def _is_taken(case: Case) -> bool:
    if not is_technicians(case):
        if case.request.handed_over:
            case.remember(handed_over=False)
        return False
    if case.request.state is not State.AWAITING:
        step_back(case)
        return True
    if not case.request.handed_over:
        leave_to_technician(case)
        return True
    return False


def leave_to_technician(case: Case) -> None:
    """What was delivered stands, nothing more is given, and that is said once."""
    case.move(State.AWAITING, "technician_took_over", plan=[Planned("tell_stepped_back")], handed_over=True)


def is_technicians(case: Case) -> bool:
    """Whether somebody else than the worker is assigned."""
    return case.ticket.assignee.casefold() not in ("", case.worker.me.casefold())


def _is_handed_back(case: Case) -> bool:
    """A hand-back is a change of assignment: a ticket that never left the worker's account wasn't handed back."""
    followed = case.request.followed
    if not _is_ours(case, case.ticket):
        if not followed.get("let_go"):
            case.remember(followed={**followed, "let_go": True})
    elif followed.get("let_go") and is_so_still(case, _is_ours):
        case.move(State.NEW, "handed_back", **again(case.request))
        return True
    if case.request.rule_row in VERIFIABLE and not is_technicians(case) and _is_verified(case):
        case.move(State.NEW, "identity_verified")
        return True
    return False


def _is_ours(case: Case, ticket: Ticket) -> bool:
    return ticket.assignee.casefold() == case.worker.me.casefold()


def _is_verified(case: Case) -> bool:
    worker = case.worker
    since = edited_at(case.ticket, case.request, worker.ledger.keys)
    note = desk_note(case.ticket, worker.directory(), worker.policy, me=worker.me, since=since)
    return note is not None and note.id != case.request.followed.get("desk_note")
