"""What should not be, found by a slow tick of its own: every part costs a bounded number of calls.

What is ours is mended by the undo list of its request, or by making the request due; what isn't is only reported.
Whatever is found is a finding (`worker.findings`).
"""

from collections.abc import Callable
from datetime import timedelta

from connectors.duo import users
from worker import poll
from worker.advance import GONE
from worker.audit import audit
from worker.devices import new_devices
from worker.findings import Finding, report
from worker.ledger import events, leftovers, marks
from worker.ledger.rows import Request
from worker.leftover import CHECKED, claimed, look_at_the_end, undo_the_rest
from worker.shop import Shop
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.table import UNDO_STEPS
from worker.tending import tended
from worker.worker import Worker

MARK, CURSOR = "reconciled", "reconciled_tickets"
CHECKED_LATER = "checked_a_day_later"
SETTLED = timedelta(minutes=5)
"""After this long nothing that was sent for a request is carried out late any more, and polls have told what is new."""
ENDED_LATELY, ENROLLED_LATELY = timedelta(days=3), timedelta(days=14)
A_DAY, GRACE = timedelta(days=1), timedelta(hours=1)
LOOKS, TICKETS = 50, 100
"""Requests looked at in Duo and Password Pusher by one part, and tickets read, in one tick."""

Part = tuple[str, Callable[[], object]]


def reconcile(shop: Shop) -> None:
    """Every part, one after the other; a fault of one is logged and leaves the others."""
    _do(shop, ("waiting", lambda: take_in(shop)), *_parts(shop.worker))


def reconcile_if_due(shop: Shop) -> None:
    """As `reconcile`, without `take_in`, and only where `reconcile_every` has passed since the last time."""
    with shop.ledger.reading() as connection:
        last = marks.get(connection, MARK)
    if last is None or shop.worker.clock() - last[1] >= shop.settings.worker.reconcile_every:
        _do(shop, *_parts(shop.worker))


def take_in(shop: Shop) -> int:
    """Open tickets that the ledger doesn't know, or knows otherwise; how many that were."""
    return poll.reconcile(shop.polling, shop.worker.clock())


def _do(shop: Shop, *parts: Part) -> None:
    for name, work in parts:
        tended(name, work, shop.worker)()
    with shop.ledger.writing() as connection:
        marks.put(connection, MARK, {}, shop.worker.clock())


def _parts(worker: Worker) -> tuple[Part, ...]:
    """In shadow mode nothing of ours is anywhere: nothing is mended."""
    mending: tuple[Part, ...] = (
        ("never undone", lambda: wake_the_forgotten(worker)),
        ("ended", lambda: look_at_the_ended(worker)),
        ("closed", lambda: look_at_tickets(worker)),
        ("enrolled", lambda: look_at_the_enrolled(worker)),
    )
    return (*(() if worker.shadow else mending), ("audit", lambda: audit(worker)))


def wake_the_forgotten(worker: Worker) -> None:
    """Codes past their life that nobody took back, and requests that have something to do and sleep. Costs no call."""
    ledger, now = worker.ledger, worker.clock()
    old = now - worker.delivery.code_valid - GRACE
    with ledger.reading() as connection:
        overdue = leftovers.overdue(connection, CODE_STEP, "revoke_code", now, begun_before=old, limit=LOOKS)
        asleep = leftovers.asleep(connection, UNDO_STEPS, limit=LOOKS)
    for request in {each.id: each for each in (*overdue, *asleep)}.values():
        if request.state in leftovers.ENDED:
            claimed(worker, request, undo_the_rest)
        else:
            _wake(worker, request, "never_undone", "something of it was never taken back; it is due now")


def look_at_the_ended(worker: Worker) -> None:
    """Whether a code or push of a request is alive after its end: once a request, some minutes after it."""
    now = worker.clock()
    with worker.ledger.reading() as connection:
        ended = leftovers.ended(
            connection, CODE_STEP, UNDO_STEPS, CHECKED, after=now - ENDED_LATELY, until=now - SETTLED, limit=LOOKS
        )
    for request in ended:
        claimed(worker, request, look_at_the_end)


def look_at_tickets(worker: Worker) -> None:
    """Whether tickets that the ledger waits for are closed: a slice of them, the next one in the next tick."""
    now = worker.clock()
    with worker.ledger.reading() as connection:
        mark = marks.get(connection, CURSOR)
        after = int(mark[0]) if mark else 0
        some = leftovers.waiting(connection, now, after=after, limit=TICKETS)
    tickets = worker.systems.tickets.read([request.ticket_id for request in some]) if some else {}
    for ticket in tickets.values():
        worker.tickets.keep(ticket)
    for request in some:
        seen = tickets.get(request.ticket_id)
        if seen is not None and seen.state == "closed" and seen.changed_at <= now - SETTLED:
            _wake(worker, request, "close_missed", "its ticket is closed, and no poll had told; it is due now")
        elif seen is None and request.wait_row != GONE:
            _wake(worker, request, "ticket_gone", "its ticket isn't shown any more; it is due now")
    with worker.ledger.writing() as connection:
        marks.put(connection, CURSOR, some[-1].id if len(some) == TICKETS else 0, now)


def look_at_the_enrolled(worker: Worker) -> None:
    """Whether people who were enrolled still have the new device a day later; if not, that is for people to look at."""
    now = worker.clock()
    with worker.ledger.reading() as connection:
        enrolled = leftovers.enrolled(
            connection, CHECKED_LATER, after=now - ENROLLED_LATELY, until=now - A_DAY, limit=LOOKS
        )
    for request in enrolled:
        user = users.read(worker.systems.duo, request.duo_user_id)
        gone = user is None or not new_devices(user, request.baseline)
        sentence = f"{request.number}: Duo no longer shows the device with which it was closed as enrolled"
        with worker.ledger.writing() as connection:
            events.note(connection, request.id, CHECKED_LATER, now, device="gone" if gone else "there")
            report(connection, [Finding("device_gone", request.number, sentence, now)] if gone else [], now)


def _wake(worker: Worker, request: Request, kind: str, sentence: str) -> None:
    now = worker.clock()
    with worker.ledger.writing() as connection:
        leftovers.wake(connection, request, f"found_{kind}", now)
        report(connection, [Finding(kind, request.number, f"{request.number}: {sentence}", now)], now)
