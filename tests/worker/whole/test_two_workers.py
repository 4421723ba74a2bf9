"""Two workers on one ledger: what one of them has read lately says nothing once the other has written on the ticket."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text

from tests.rig import Filed, Rig
from tests.worker.whole.delivered import KIND, MINUTE, delivered_code, later, nothing_is_alive, use_code
from worker import wiring
from worker.advance import advance
from worker.ledger import leases, seen
from worker.poll import poll, take_in
from worker.shop import Shop
from worker.tickets.ticket import Poll, Ticket


@pytest.fixture
def other(rig: Rig) -> Shop:
    """Another worker's tools, with a memory of its own."""
    return wiring.shop(rig.settings, rig.shop.ledger, clock=rig.clock)


def acts(rig: Rig, other: Shop, filed: Filed) -> None:
    """The other one gets the request, as when a poll has found something on its ticket."""
    assert advance(other.worker, rig.request(filed).id, only_if_due=False)


def is_told(rig: Rig, ticket: Ticket, told: bool) -> None:
    """Whether the ledger knows of the last writing: who died in that moment, or had no answer, couldn't say so."""
    if not told:
        with rig.shop.ledger.writing() as connection:
            seen.put(connection, ticket.system, ticket.id, ticket.stamp, rig.clock())


@pytest.mark.parametrize("told", [True, False])
def test_a_ticket_that_another_worker_closed_is_not_taken_for_reopened(rig: Rig, other: Shop, told: bool) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    rig.clock.pass_(10 * MINUTE)
    before = other.worker.tickets.read(filed.task.sys_id)
    assert before
    rig.once()
    later(rig, MINUTE / 6)
    assert rig.request(filed).followed["seen_closed"]
    is_told(rig, before, told)
    acts(rig, other, filed)
    assert (rig.request(filed).state, rig.request(filed).how) == ("closed", "enrolled")


@pytest.mark.parametrize("told", [True, False])
def test_a_ticket_that_another_worker_gave_away_is_not_taken_for_handed_back(rig: Rig, other: Shop, told: bool) -> None:
    filed = delivered_code(rig)
    rig.site.work_note(filed.task.number, "desk.dana", "#revoke")
    before = other.worker.tickets.read(filed.task.sys_id)
    assert before
    rig.once()
    rig.site.work_note(filed.task.number, "technician.tom", "I'll call them")
    later(rig, MINUTE / 6)
    assert rig.request(filed).followed["let_go"]
    is_told(rig, before, told)
    acts(rig, other, filed)
    assert rig.request(filed).state == "held"
    assert nothing_is_alive(rig)


def test_who_hands_a_ticket_back_is_obeyed_by_a_worker_that_read_it_before(rig: Rig, other: Shop) -> None:
    filed = delivered_code(rig)
    rig.site.work_note(filed.task.number, "desk.dana", "#revoke")
    rig.once()
    rig.site.work_note(filed.task.number, "technician.tom", "I'll call them")
    later(rig, MINUTE / 6)
    assert other.worker.tickets.read(filed.task.sys_id)
    rig.site.assign(filed.task.number, "duo.worker", by="technician.tom")
    poll(rig.shop.polling, rig.clock())
    acts(rig, other, filed)
    assert rig.request(filed).state == "awaiting", "all guards were asked again, and nothing stands against it"


@pytest.mark.parametrize("database_kind", ["postgresql"])  # SQLite has one lock for all
def test_a_poll_that_reads_what_a_step_has_just_written_waits_for_its_end(rig: Rig) -> None:
    filed = rig.file(KIND)
    rig.once()
    ledger, request = rig.shop.ledger, rig.request(filed)
    ticket = rig.shop.worker.tickets.read(filed.task.sys_id)
    claim = leases.claim(ledger, request.id, owner="other", lease=timedelta(minutes=3), due_by=None)
    assert ticket
    assert claim
    found = Poll((replace(ticket, stamp="99/99"),), None, 0)
    with ThreadPoolExecutor(1) as pool:
        with leases.fenced(ledger, claim) as connection:
            polled = pool.submit(take_in, rig.shop.polling, found, rig.clock())
            _wait_until_somebody_waits(rig)
            seen.put(connection, ticket.system, ticket.id, "99/99", rig.clock())
        polled.result(timeout=20)


def _wait_until_somebody_waits(rig: Rig) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(200):
        with rig.shop.ledger.asking() as connection:
            if connection.execute(waiting).scalar_one():
                return
        Event().wait(0.05)
    raise AssertionError("nobody waits for a lock")
