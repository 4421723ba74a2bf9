"""What becomes of a request when people change their mind after it was acted on: approval, answers, a closed ticket.

Costs no call where the ticket was read lately, but for one that is open again.
"""

from collections.abc import Callable
from typing import Any

from worker.case import Case
from worker.endings import VANISHED, Reason, hold
from worker.filing import spent, substance
from worker.fulfil import Wait
from worker.ledger.rows import Request
from worker.ledger.states import State
from worker.pacing import SOON
from worker.parking import FORGIVEN
from worker.tickets.ticket import Ticket

SEEN_CLOSED = "seen_closed"


def disapproved(case: Case) -> bool:
    """Take everything back where the approval was withdrawn after the delivery; True where it was.

    Before the delivery the guards tell. A technician who has the ticket doesn't change it: nobody allows it any more.
    """
    if case.request.state is not State.AWAITING or not _is_withdrawn(case):
        return False
    because = "the request was approved, and after the delivery it isn't any more; everything was taken back"
    do = "ask the approver; if the approval is given again, assign the ticket to the worker to have it decided again"
    hold(case, Reason("approval-withdrawn", because, do))
    return True


def edited(case: Case) -> bool:
    """Take everything back where answers or person were edited after the delivery; True where they were.

    What was delivered answers another request than the one that stands there now, and the edit may be anybody's. A
    ticket that a technician has is left to him.
    """
    request = case.request
    if request.state is not State.AWAITING or request.handed_over:
        return False
    if not request.decided_digest or case.worker.ledger.keys.same(substance(case.ticket), request.decided_digest):
        return False
    because = "an answer or the person on the ticket changed after the delivery; everything was taken back"
    do = "ask the person at a number or address on file whether the change is theirs; if so, assign it to the worker"
    hold(case, Reason("edited-after-delivery", because, do))
    return True


def is_reopened(case: Case) -> bool:
    """Decide an ended request again where its ticket was seen closed and now is open with the worker; True if so.

    Reopening leaves the assignment as it was, so this is what people do who want more of the worker; a requester's
    reply may be enough for it. Every guard runs again, and a check of identity from before the end is spent. A ticket
    that was closed as vanished and is shown again was never closed by anybody: where nothing was given yet, its check
    still counts.
    """
    ticket, followed = case.worker.tickets.get(case.request.ticket_id), case.request.followed
    if ticket is None:
        return False
    if ticket.state == "closed":
        if not followed.get(SEEN_CLOSED):
            case.remember(followed={**followed, SEEN_CLOSED: True})
        return False
    if not _is_back(case, ticket) or not is_so_still(case, _is_back):
        return False
    untouched = case.request.how == VANISHED and not ticket.assignee and case.request.delivered_at is None
    settled = {**again(case.request), **({} if untouched else spent(case.request, case.request.state_at))}
    case.move(State.NEW, "reopened", **settled, followed={**followed, SEEN_CLOSED: False})
    return True


def is_so_still(case: Case, holds: Callable[[Case, Ticket], bool]) -> bool:
    """Whether it holds for the ticket as it stands this moment; costs a read, for what would have it all done again.

    What this worker has kept may be from before another one's writing, which the memory in the ledger is from after.

    Raises:
        Wait: The ticket isn't shown at this moment; no poll may bring what people did to it again.
    """
    ticket = case.worker.tickets.read(case.request.ticket_id)
    if ticket is None:
        raise Wait(case.now + SOON, "the ticket isn't shown")
    return holds(case, ticket)


def _is_back(case: Case, ticket: Ticket) -> bool:
    """Whether the worker has it again: an open ticket that was seen closed, or one that wasn't seen any more."""
    ours = ticket.assignee.casefold() == case.worker.me.casefold()
    vanished = case.request.how == VANISHED
    ended = vanished or bool(case.request.followed.get(SEEN_CLOSED))
    return ticket.state != "closed" and ((ours and ended) or (vanished and not ticket.assignee))


def again(request: Request) -> dict[str, Any]:
    """What a person who wants the request decided again settles by that."""
    accepted = request.markers_accepted or request.rule_row == "unknown-marker"
    return {"handed_over": False, "markers_accepted": accepted, "wait_row": "", "wait_since": None, **FORGIVEN}


def _is_withdrawn(case: Case) -> bool:
    """Rejected or asked for again; or gone, where it had been given when the request was decided."""
    match case.ticket.approval:
        case "approved":
            return False
        case "none":
            return bool(case.request.followed.get("approved"))
        case _:
            return True
