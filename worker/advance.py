"""Carrying one request as far as it goes now: the one place where the four errors become states of the ledger."""

from contextlib import suppress
from datetime import timedelta
from typing import NoReturn

import structlog

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from worker.brakes import count_trouble, pause_system
from worker.case import Case, TicketGone
from worker.deciding import SHADOW, decide_case
from worker.endings import VANISHED, Reason, close, doubt, hold, step_back
from worker.follow_up import follow_up
from worker.follow_up import postpone as look_again
from worker.fulfil import Doubt, Exhausted, Wait, fulfil, take_back
from worker.gates import obey
from worker.hand_over import hand_over, stopped
from worker.ledger import leases
from worker.ledger.requests import PersonBusy
from worker.ledger.seal import UnusableKey
from worker.ledger.states import State
from worker.ledger.steps import CapReached
from worker.pacing import AFTER_DOUBT, LONGEST, SOON, backoff
from worker.parking import FORGIVEN, parked, put_down
from worker.recheck import Forbidden, Interrupted, Tampered, allow
from worker.steps.table import STEPS
from worker.steps.ticket import TakenOver
from worker.undo import left, undo_list
from worker.watch import lapse, lapses_at
from worker.worker import Worker

TURNS = 12
"""Changes of course within one claim (decided, held, told …); more would mean going in a circle."""

HAND_BACK = "assign the ticket to the worker to have it tried again"

GONE = "gone"
GONE_AFTER = timedelta(hours=2)

OPEN = (State.NEW, State.ACTING, State.AWAITING)
WAYS = (Wait, CapReached, Forbidden, Doubt, Exhausted, Tampered, TakenOver, Interrupted, TicketGone)
"""What work may meet that makes it go another way."""

FORGED = "its row in the ledger was changed or added by hand; find out who can write the ledger"

log = structlog.get_logger()


def advance(worker: Worker, request_id: int, *, only_if_due: bool = True) -> bool:
    """Do what can be done for one request now; False where somebody else has it or it isn't due any more."""
    due_by = worker.clock() if only_if_due else None
    claim = leases.claim(worker.ledger, request_id, owner=worker.owner, lease=worker.lease, due_by=due_by)
    if claim is None:
        return False
    worker.tickets.forget_but(claim.request.ticket_id, claim.stamp)
    with put_down(worker, claim) as case:
        if not parked(case):
            _carry(case)
    return True


def _carry(case: Case) -> None:
    met: Exception | None = None
    for _ in range(TURNS):
        try:
            settled = _turn(case) if met is None else _met(case, met)
            met = None
        except ConnectorError as failed:
            settled, met = _failed(case, failed), None
        except UnusableKey as missing:
            log.error("key_missing", ticket=case.request.number, why=str(missing))
            settled = _postpone(case, Wait(None, f"key_file: {missing}"))
        except WAYS as found:
            settled, met = False, found
        if settled:
            return
    raise AssertionError(f"{case.request.number} changed its course {TURNS} times in one claim")


def _met(case: Case, met: Exception) -> bool:
    """Go another way because of what the work met; True where nothing more is to be done now."""
    match met:
        case Wait():
            return _postpone(case, met)
        case CapReached(until=until, what=what):
            return _postpone(case, Wait(until, what))
        case TicketGone():
            return _gone(case)
        case Forbidden(reason=reason):
            hold(case, reason)
        case Doubt(step=step, why=why):
            doubt(case, step, why)
            count_trouble(case.worker.ledger, case.now)
        case Exhausted(step=step):
            because = f"every answer to {step} was lost; what it made was revoked"
            hold(case, Reason("answers-lost", because, HAND_BACK), trouble="answers lost")
            count_trouble(case.worker.ledger, case.now)
        case Tampered():
            _tampered(case, str(met))
        case _:
            if not hand_over(case):
                step_back(case)
    return False


def _tampered(case: Case, step: str) -> None:
    log.error("journal_tampered", ticket=case.request.number, step=step)
    if case.request.state in OPEN:
        because = f"the ledger holds a step, {step}, that was never decided: somebody changed it by hand"
        do = "find out who can write the ledger, and compare the person's codes and devices in the Duo Admin Panel"
        hold(case, Reason("ledger-changed", because, do))
    else:
        case.move(case.request.state, "tampered_steps_dropped", plan=undo_list(case.journal()))


def _gone(case: Case) -> bool:
    """A ticket that isn't shown may be hidden for a moment: it is asked for again before it counts as gone."""
    request = case.request
    since = request.wait_since if request.wait_row == GONE and request.wait_since else case.now
    if case.now - since < GONE_AFTER:
        return _postpone(case, Wait(case.now + SOON, "the ticket isn't shown", wait_row=GONE, wait_since=since))
    close(case, VANISHED, tell=False)
    return False


def _turn(case: Case) -> bool:
    """One course to its end; True where nothing more is to be done now."""
    if case.worker.shadow:
        _only_look(case)
    if case.request.state in (State.ACTING, State.AWAITING):
        _refuse_forged(case)
    if case.request.state not in OPEN and case.pending():
        take_back(case, STEPS, before=allow)
    if hand_over(case):
        return False
    if case.request.state is State.NEW:
        decide_case(case)
        return False
    fulfil(case, STEPS, before=allow)
    return _settle(case)


def _refuse_forged(case: Case) -> None:
    """Nothing rests on a journal that isn't the worker's: what was done can't be told.

    Raises:
        Doubt: A row of this round was changed or added by hand.
    """
    for row in case.journal():
        if row.state == "forged" and row.round == case.request.round:
            raise Doubt(row.name, FORGED)


def _only_look(case: Case) -> NoReturn:
    """Shadow mode: a new request is decided and no more; what was under way before it stays as it is.

    Raises:
        Wait: Always.
    """
    if case.request.state is State.NEW:
        decide_case(case)
    raise Wait(case.now + LONGEST, SHADOW)


def _settle(case: Case) -> bool:
    match case.request.state:
        case State.ACTING:
            case.move(State.AWAITING, "request_delivered")
            if stopped(case):  # taken or closed in the very moment of the delivery
                return False
        case State.AWAITING if lapse(case) or follow_up(case):
            return False
        case State.HELD | State.REFUSED if left(case.journal()):
            with suppress(PersonBusy):
                case.move(State.UNSURE, "left_alive")
    if case.request.state is State.AWAITING:
        look_again(case, lapses_at(case), **FORGIVEN)
    else:
        case.put_back(None, "", attempts=0, **FORGIVEN)
    return True


def _failed(case: Case, failed: ConnectorError) -> bool:
    """Turn an error of a connector into a state; True where nothing more is to be done now."""
    worker, now = case.worker, case.now
    match failed:
        case Unavailable(retry_after=pause):
            obey(worker.ledger, failed)
            span = max(backoff(case.request.key, case.request.attempts), pause or backoff(case.request.key, 0))
            attempts = case.request.attempts + 1
            _postpone(case, Wait(now + span, f"{failed.system} can't be reached: {failed.detail}", attempts=attempts))
        case Uncertain():
            _postpone(case, Wait(now + AFTER_DOUBT, f"{failed.system}: an answer was lost"))
        case Misconfigured():
            pause_system(worker.ledger, failed.system, now, failed.detail, seen=worker.renewals)
            _postpone(case, Wait(now + SOON, f"{failed.system} is paused: {failed.detail}"))
        case Refused() if worker.shadow:
            _postpone(case, Wait(None, f"{failed.system} refused: {failed.detail}"))
        case Refused() if case.request.state not in OPEN:
            log.error("ticket_not_told", ticket=case.request.number, system=failed.system, code=failed.code)
            _postpone(case, Wait(None, f"{failed.system} refused what was to be told: {failed.detail}"))
        case Refused():
            _refused(case, failed)
            return False
        case _:
            raise failed
    return True


def _refused(case: Case, failed: Refused) -> None:
    trouble = f"{failed.system} refused: {failed.code}"
    because = f"{failed.system} refused: {failed.detail}"
    hold(case, Reason("refused", because, f"mend the cause, then {HAND_BACK}"), trouble=trouble)
    count_trouble(case.worker.ledger, case.now)


def _postpone(case: Case, wait: Wait) -> bool:
    log.info("request_waits", ticket=case.request.number, waits_for=wait.what, until=str(wait.until or ""))
    case.put_back(wait.until, wait.what, **wait.values)
    return True
