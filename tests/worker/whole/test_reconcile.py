"""What should not be is found by the slow tick: what is ours is taken back by its own request, the rest is reported."""

from datetime import timedelta

import pytest

from tests.rig import Rig
from tests.worker.whole.delivered import DAY, HOUR, KIND, MINUTE
from tests.worker.whole.reconciling import (
    alive,
    appear_late,
    closed,
    delivered,
    events,
    found,
    kinds,
    put_to_sleep,
    restore_push,
    rewrite,
    tick,
)
from worker import reconcile
from worker.once import work_off
from worker.poll import poll


def test_a_code_that_is_alive_after_the_end_is_revoked_by_the_undo_list_of_its_request(rig: Rig) -> None:
    filed = closed(rig)
    ended = rig.request(filed).state_at
    appear_late(rig, filed)
    tick(rig)
    assert alive(rig) == 0
    assert kinds(rig) == ["code_alive"]
    assert filed.task.number in found(rig)[0].sentence
    request = rig.request(filed)
    assert (request.state, request.state_at, request.due_at) == ("closed", ended, None)
    assert [step.state for step in rig.steps(filed) if step.name == "revoke_code"] == ["done", "done"]
    assert "found_alive" in events(rig, filed)


def test_a_push_that_is_alive_after_the_end_is_expired_again(rig: Rig) -> None:
    filed = closed(rig)
    restore_push(rig)
    tick(rig)
    assert alive(rig) == 0
    assert kinds(rig) == ["push_alive"]
    assert rig.request(filed).state == "closed"


def test_what_was_taken_back_again_is_looked_at_once_more_and_then_left(rig: Rig) -> None:
    filed = closed(rig)
    appear_late(rig, filed)
    for _ in range(3):
        tick(rig)
        rig.clock.pass_(15 * MINUTE)
    assert events(rig, filed).count("found_alive") == 1
    assert events(rig, filed).count("checked_after_the_end") == 1


def test_a_request_that_ended_well_costs_one_look_and_no_write(rig: Rig) -> None:
    closed(rig)
    before, written = len(rig.sandbox.calls.select()), rig.writes()
    reconcile.look_at_the_ended(rig.shop.worker)
    looked = [(call.system, call.path.rpartition("/")[2]) for call in rig.sandbox.calls.select(since=before)]
    assert looked == [("duo", "bypass_codes"), ("password_pusher", "audit"), ("password_pusher", "audit")]
    before = len(rig.sandbox.calls.select())
    reconcile.look_at_the_ended(rig.shop.worker)
    assert rig.sandbox.calls.select(since=before) == ()
    assert rig.writes() == written
    assert found(rig) == []


def test_an_agents_codes_survive(rig: Rig) -> None:
    filed = closed(rig)
    appear_late(rig, filed)
    rig.sandbox.duo.issue_code(rig.person(KIND).user_name, valid_for=8 * HOUR)
    tick(rig)
    (left,) = rig.sandbox.duo.codes(rig.person(KIND).user_name)
    assert left.remaining_uses == 1


def test_of_two_codes_that_may_be_ours_none_is_touched(rig: Rig) -> None:
    filed = closed(rig)
    appear_late(rig, filed)
    appear_late(rig, filed)
    tick(rig)
    assert len(rig.sandbox.duo.codes(rig.person(KIND).user_name)) == 2


def test_what_the_ended_request_still_had_to_say_is_said_after_undoing_again(rig: Rig) -> None:
    filed = closed(rig)
    rewrite(rig, filed, "tell_closed", state="planned")
    appear_late(rig, filed)
    tick(rig)
    assert alive(rig) == 0
    assert [step.state for step in rig.steps(filed) if step.name == "tell_closed"] == ["dropped", "done"]


def test_a_code_past_its_life_that_nobody_took_back_is(rig: Rig) -> None:
    filed = delivered(rig)
    put_to_sleep(rig, rig.clock() + 400 * DAY)
    rig.clock.pass_(10 * HOUR)
    tick(rig)
    assert alive(rig) == 0
    assert rig.request(filed).state == "awaiting"
    assert kinds(rig) == ["never_undone"]


def test_a_request_that_waits_for_nothing_is_woken(rig: Rig) -> None:
    filed = delivered(rig)
    put_to_sleep(rig)
    tick(rig)
    assert rig.request(filed).due_at is not None
    assert kinds(rig) == ["never_undone"]


@pytest.mark.long
@pytest.mark.parametrize("lost", ["the undo steps", "their time"])
def test_an_ended_request_that_never_took_its_code_back_does(rig: Rig, lost: str) -> None:
    filed = delivered(rig)
    rig.site.close(filed.task.number, "technician.tom")
    poll(rig.shop.polling, rig.clock())
    rig.sandbox.servers["duo"].stop()
    work_off(rig.shop)
    assert rig.request(filed).state == "closed"
    if lost == "the undo steps":
        with rig.shop.ledger.writing() as connection:
            connection.exec_driver_sql("DELETE FROM steps WHERE target > 0")
    else:
        rewrite(rig, filed, "revoke_code", state="begun", attempts=1, intents=({},))
    put_to_sleep(rig)
    rig.clock.pass_(10 * HOUR)
    reconcile.wake_the_forgotten(rig.shop.worker)
    undoing = [step.name for step in rig.steps(filed) if step.target and step.state == "planned"]
    everything = ["revoke_code", "delete_push", "empty_field"]
    assert undoing == (everything if lost == "the undo steps" else ["revoke_code"]), "Duo's trouble stops no other"
    assert rig.request(filed).due_at == rig.clock()
    assert kinds(rig) == ["never_undone"]


def test_a_closed_ticket_that_no_poll_told_of_ends_its_request(rig: Rig) -> None:
    filed = delivered(rig)
    rig.site.close(filed.task.number, "technician.tom")
    reconcile.look_at_tickets(rig.shop.worker)
    assert kinds(rig) == [], "the next poll will tell"
    rig.clock.pass_(6 * MINUTE)
    reconcile.look_at_tickets(rig.shop.worker)
    assert kinds(rig) == ["close_missed"]
    work_off(rig.shop)
    assert rig.request(filed).state == "closed"
    assert alive(rig) == 0


def test_a_held_request_whose_ticket_is_closed_is_closed_too(rig: Rig) -> None:
    filed = rig.file("disabled")
    rig.once()
    rig.site.close(filed.task.number, "technician.tom")
    rig.clock.pass_(6 * MINUTE)
    reconcile.look_at_tickets(rig.shop.worker)
    work_off(rig.shop)
    assert rig.request(filed).state == "closed"


def test_tickets_are_looked_at_a_slice_a_tick_and_round_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "TICKETS", 2)
    made = [rig.file(kind) for kind in ("disabled", "bypass", "privileged")]
    rig.once()
    for filed in made:
        rig.site.close(filed.task.number, "technician.tom")
    rig.clock.pass_(6 * MINUTE)
    for seen in (2, 3):
        reconcile.look_at_tickets(rig.shop.worker)
        assert len(found(rig)) == seen
    work_off(rig.shop)
    assert {rig.request(filed).state for filed in made} == {"closed"}


def test_an_open_ticket_that_the_ledger_does_not_know_is_taken_in(rig: Rig) -> None:
    rig.once()
    missed = rig.file("never_activated", at=rig.clock() + timedelta(seconds=1))
    rig.clock.pass_(HOUR)
    rig.file("platform_unknown")
    poll(rig.shop.polling, rig.clock())
    tick(rig)
    assert rig.request(missed).state == "awaiting"
