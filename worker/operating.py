"""What operators do to single requests: have them tried again, have everything taken back. Who did it is recorded."""

from datetime import timedelta

from worker.advance import advance
from worker.case import Case
from worker.endings import Reason, hold
from worker.filing import spent
from worker.ledger import leases, requests
from worker.ledger.leases import Claim
from worker.ledger.rows import Request
from worker.ledger.states import WITH_A_PERSON, State
from worker.second_thoughts import again
from worker.shop import Shop
from worker.undo import undo_list

PATIENCE = timedelta(seconds=30)
"""How long a command waits for a request that the running worker has at the moment."""


class NotNow(Exception):
    """It can't be done to this request as it stands; the sentence says why and what can."""


class Busy(NotNow):
    """The worker has it: it isn't done."""


def retry(shop: Shop, request: Request, who: str) -> None:
    """Back to `new`: every guard runs again.

    Raises:
        NotNow: It isn't with a person, something of it is still to be taken back, or the worker is busy with it.
    """
    claim = _claimed(shop, request)
    try:
        _check_retry(Case(shop.worker, claim))
        now, settled = shop.worker.clock(), again(claim.request)
        requests.move(shop.ledger, claim, State.NEW, now, event="retried", detail={"by": who}, **settled)
    finally:
        leases.release(shop.ledger, claim)


def revoke(shop: Shop, request: Request, who: str) -> None:
    """Run the undo list now, even when paused or the ticket system is down; what can't be told yet is told later.

    A request that nothing was done for yet is held, so that nothing will be.

    Raises:
        NotNow: There is nothing to take back.
        Busy: The worker is busy with it.
    """
    claim = _claimed(shop, request)
    case = Case(shop.worker, claim)
    try:
        undo = undo_list(case.journal(), again=True)
        if not undo and claim.request.state not in (State.NEW, State.ACTING, State.AWAITING):
            raise NotNow(f"{request.number}: nothing of it is alive that could be taken back")
        if claim.request.state is State.CLOSED:
            case.move(State.CLOSED, "revoked", plan=undo, detail={"by": who})
        else:
            because = f"revoked with duo-worker revoke by {who}"
            anew = spent(claim.request, case.now)
            hold(case, Reason("revoked", because, "go on by hand, or hand it back"), **anew)
    finally:
        leases.release(shop.ledger, claim)
    advance(shop.worker, request.id, only_if_due=False)


def _check_retry(case: Case) -> None:
    request = case.request
    if request.state not in (*WITH_A_PERSON, State.NEW):
        raise NotNow(
            f"{request.number} is {request.state}; only what is held, unsure, refused or new can be tried again"
        )
    if undo_list(case.journal()):
        raise NotNow(f"{request.number}: something of it is still to be taken back; run duo-worker revoke first")


def _claimed(shop: Shop, request: Request) -> Claim:
    worker, waited = shop.worker, timedelta()
    pause = timedelta(milliseconds=250)
    while waited <= PATIENCE:
        claim = leases.claim(shop.ledger, request.id, owner=worker.owner, lease=worker.lease, due_by=None)
        if claim is not None:
            return claim
        shop.stop.wait(pause.total_seconds())
        waited += pause
    raise Busy(f"{request.number}: the worker has been busy with it for {PATIENCE.seconds} s; try again")
