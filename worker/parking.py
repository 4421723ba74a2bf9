"""One request must not stop the service for all: one that ends the process again and again is put aside.

A bug ends the process, and the service manager starts it again. That a request met it is written down: by the lease
before the work (a process that dies gives none back), and by a count when the bug is on its way up. From `BUGS` bugs,
or `DEATHS` deaths, since it last went as far as it goes, it is held; where even that ends the process, it waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog

from worker.case import Case
from worker.endings import Reason, hold
from worker.findings import BUG, Finding, report
from worker.lease_time import within_lease
from worker.ledger import leases
from worker.ledger.database import LedgerError
from worker.ledger.leases import Claim, LeaseLost
from worker.ledger.rows import Request
from worker.ledger.states import WITH_A_PERSON, State
from worker.pacing import backoff
from worker.worker import Worker

BUGS, DEATHS = 3, 10
FORGIVEN = {"bugs": 0, "deaths": 0}
"""What a request is given that went as far as it goes."""
PARKED = "bug"
TRIED_AGAIN = timedelta(hours=6)
WHY = "put aside: a bug ended the worker whenever it came to this request; see the log"

log = structlog.get_logger()


@contextmanager
def put_down(worker: Worker, claim: Claim) -> Iterator[Case]:
    """What is done inside is done under the claim, which is given back at the end, whatever that is."""
    case, bug = Case(worker, claim), True
    try:
        with within_lease(worker.lease):
            yield case
        bug = False
    except LeaseLost:
        bug = False
        log.warning("lease_lost", ticket=claim.request.number)
    except LedgerError:
        bug = False
        raise
    finally:
        if bug:
            _drop(worker, claim)
        elif not case.is_put_back:
            leases.release(worker.ledger, claim)


def parked(case: Case) -> bool:
    """Put a request aside that ended the process too often; True where nothing is to be done for it now."""
    request, worker = case.request, case.worker
    if _is_aside(worker, request):
        until = (request.wait_since or case.now) + TRIED_AGAIN
        case.put_back(until, WHY)
        return True
    if is_dangerous(request.bugs, request.deaths) and request.state not in (*WITH_A_PERSON, State.CLOSED):
        _hold(case)
    return False


def _is_aside(worker: Worker, request: Request) -> bool:
    """Whether it waits out its time, whatever its ticket does. In shadow mode nothing can be said on the ticket."""
    if worker.shadow:
        return is_dangerous(request.bugs, request.deaths)
    return (
        request.wait_row == PARKED
        and request.wait_since is not None
        and worker.clock() < request.wait_since + TRIED_AGAIN
    )


def is_dangerous(bugs: int, deaths: int) -> bool:
    """Whether a request that met so many is to be put aside."""
    return bugs >= BUGS or deaths >= DEATHS


def _hold(case: Case) -> None:
    """Written with what is known to work: nothing is read and nothing called before it."""
    because = "a bug of the worker, or the death of its process, ended the work on it again and again"
    do = "do it by hand, and give the ticket's number and the time to whoever runs the worker: the log says more"
    hold(case, Reason("bug", because, do), wait_row="", wait_since=None)


def _drop(worker: Worker, claim: Claim) -> None:
    """Count the bug. One that was to be held, or has ended, and meets another, waits whatever its ticket does."""
    request, now = claim.request, worker.clock()
    log.error("bug_met", ticket=request.number, bugs=request.bugs + 1)
    if is_dangerous(request.bugs + 1, request.deaths):
        with worker.ledger.writing() as connection:
            report(connection, [Finding(BUG, request.number, f"{request.number}: {WHY}", now)], now)
    if is_dangerous(request.bugs, request.deaths):
        aside = {"wait_row": PARKED, "wait_since": now, "waits_for": WHY, "due_at": now + TRIED_AGAIN}
        leases.drop(worker.ledger, claim, **aside)
    else:
        leases.drop(worker.ledger, claim, due_at=now + backoff(request.key, request.bugs))
