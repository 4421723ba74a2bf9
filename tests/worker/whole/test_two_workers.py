"""Two workers on one ledger: what one of them has read lately says nothing once the other has written on the ticket."""

import pytest

from tests.rig import Filed, Rig
from tests.worker.whole.delivered import KIND, MINUTE, delivered_code, later, nothing_is_alive, use_code
from worker import wiring
from worker.advance import advance
from worker.shop import Shop


@pytest.fixture
def other(rig: Rig) -> Shop:
    """Another worker's tools, with a memory of its own."""
    return wiring.shop(rig.settings, rig.shop.ledger, clock=rig.clock)


def acts(rig: Rig, other: Shop, filed: Filed) -> None:
    """The other one gets the request, as when a poll has found something on its ticket."""
    assert advance(other.worker, rig.request(filed).id, only_if_due=False)


def test_a_ticket_that_another_worker_closed_is_not_taken_for_reopened(rig: Rig, other: Shop) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    rig.clock.pass_(10 * MINUTE)
    assert other.worker.tickets.read(filed.task.sys_id)
    rig.once()
    later(rig, MINUTE / 6)
    assert rig.request(filed).followed["seen_closed"]
    acts(rig, other, filed)
    assert (rig.request(filed).state, rig.request(filed).how) == ("closed", "enrolled")


def test_a_ticket_that_another_worker_gave_away_is_not_taken_for_handed_back(rig: Rig, other: Shop) -> None:
    filed = delivered_code(rig)
    rig.site.work_note(filed.task.number, "desk.dana", "#revoke")
    assert other.worker.tickets.read(filed.task.sys_id)
    rig.once()
    rig.site.work_note(filed.task.number, "technician.tom", "I'll call them")
    later(rig, MINUTE / 6)
    assert rig.request(filed).followed["let_go"]
    acts(rig, other, filed)
    assert rig.request(filed).state == "held"
    assert nothing_is_alive(rig)
