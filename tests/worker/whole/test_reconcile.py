"""What should not be is found by the slow tick: what is ours is taken back by its own request, the rest is reported."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from connectors.sandbox.people import KINDS
from tests.rig import SECURITY_KEY, Filed, Rig, System, running
from worker import reconcile
from worker.findings import Finding, listed
from worker.health import health, sentences
from worker.ledger import authentic, views
from worker.ledger.schema import requests
from worker.once import work_off
from worker.poll import poll
from worker.steps.code_rows import NAME as CODE_STEP

KIND = "personal_address"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def delivered(rig: Rig) -> Filed:
    filed = rig.file(KIND, device=SECURITY_KEY)
    rig.once()
    assert rig.request(filed).state == "awaiting"
    rig.clock.pass_(MINUTE)
    rig.once()  # takes in what the worker itself wrote, where that is news to it
    return filed


def closed(rig: Rig) -> Filed:
    """A request that is over, with everything taken back."""
    filed = delivered(rig)
    rig.site.close(filed.task.number, "technician.tom")
    rig.once()
    assert rig.request(filed).state == "closed"
    assert alive(rig) == 0
    rig.clock.pass_(10 * MINUTE)
    return filed


def enrolled(rig: Rig) -> Filed:
    filed = delivered(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    rig.clock.pass_(10 * MINUTE)
    rig.once()
    assert rig.request(filed).how == "enrolled"
    return filed


def tick(rig: Rig) -> None:
    rig.sandbox.duo.limits.clear()
    reconcile.reconcile(rig.shop)
    work_off(rig.shop)


def alive(rig: Rig) -> int:
    pushes = [push for push in rig.sandbox.password_pusher.pushes if not push.expired]
    return len(pushes) + len(rig.sandbox.duo.codes(rig.person(KIND).user_name))


def found(rig: Rig) -> list[Finding]:
    with rig.shop.ledger.reading() as connection:
        return listed(connection, rig.clock())


def kinds(rig: Rig) -> list[str]:
    return [one.kind for one in found(rig)]


def events(rig: Rig, filed: Filed) -> list[str]:
    with rig.shop.ledger.reading() as connection:
        return [event.name for event in views.story(connection, rig.request(filed))[1]]


def appear_late(rig: Rig, filed: Filed) -> None:
    """Duo carries out a call for a code after everything was taken back."""
    (step,) = [step for step in rig.steps(filed) if step.name == CODE_STEP]
    life = timedelta(seconds=step.intent["valid_secs"])
    rig.sandbox.duo.issue_code(rig.person(KIND).user_name, valid_for=life, uses=2)


def restore_push(rig: Rig) -> None:
    """The server is restored from a back-up, and with it a push that was expired since."""
    (push,) = rig.sandbox.password_pusher.pushes
    push.expired_on = None
    push.audit = [row for row in push.audit if row.kind != "expire"]


def put_to_sleep(rig: Rig, due_at: datetime | None = None) -> None:
    with rig.shop.ledger.writing() as connection:
        connection.execute(update(requests).values(due_at=due_at))


def rewrite(rig: Rig, filed: Filed, name: str, **changes: Any) -> None:
    """A step's row says something else, as if the worker had written it so."""
    (step,) = [step for step in rig.steps(filed) if step.name == name]
    with rig.shop.ledger.writing() as connection:
        authentic.put(connection, rig.shop.ledger.keys, replace(step, **changes))


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


def test_an_enrolled_persons_device_that_is_gone_a_day_later_is_reported_and_nothing_is_touched(rig: Rig) -> None:
    filed = enrolled(rig)
    user = rig.sandbox.duo.user(rig.person(KIND).user_name)
    assert user is not None
    (key,) = user["webauthncredentials"]  # type: ignore[misc]  # a JSON value
    rig.sandbox.duo.delete_key(key["webauthnkey"])  # type: ignore[has-type]  # as above
    rig.clock.pass_(DAY + MINUTE)
    written = rig.writes()
    tick(rig)
    tick(rig)
    assert kinds(rig) == ["device_gone"]
    assert rig.writes() == written
    assert rig.request(filed).state == "closed"


def test_an_enrolled_person_who_has_the_device_is_looked_at_once(rig: Rig) -> None:
    filed = enrolled(rig)
    rig.clock.pass_(DAY + MINUTE)
    tick(rig)
    before = len(rig.sandbox.calls.select())
    reconcile.look_at_the_enrolled(rig.shop.worker)
    assert rig.sandbox.calls.select(since=before) == ()
    assert found(rig) == []
    assert events(rig, filed)[-1] == "checked_a_day_later"


def test_a_user_who_is_gone_from_duo_stops_nobody_elses_look(rig: Rig) -> None:
    filed = closed(rig)
    rig.sandbox.duo.delete_user(rig.person(KIND).user_name)
    tick(rig)
    assert "checked_after_the_end" in events(rig, filed)
    assert found(rig) == []


@pytest.mark.long
def test_a_system_that_is_down_leaves_the_other_parts(rig: Rig) -> None:
    over, filed = closed(rig), rig.file("never_activated")
    rig.once()
    rig.site.close(filed.task.number, "technician.tom")
    rig.clock.pass_(6 * MINUTE)
    rig.sandbox.servers["duo"].stop()
    reconcile.reconcile(rig.shop)
    assert kinds(rig) == ["close_missed"]
    assert "checked_after_the_end" not in events(rig, over), "it is looked at when Duo is back"


@pytest.mark.only("servicenow")  # counts its calls
def test_a_quiet_tick_costs_two_calls_and_one_more_for_a_slice_of_tickets(rig: Rig) -> None:
    rig.once()
    rig.clock.pass_(HOUR)
    poll(rig.shop.polling, rig.clock())  # its token has lapsed
    before = len(rig.sandbox.calls.select())
    reconcile.reconcile(rig.shop)
    asked = [(call.system, call.path.rpartition("/")[2]) for call in rig.sandbox.calls.select(since=before)]
    assert asked == [("servicenow", "sc_task"), ("duo", "administrator")]
    made = [rig.file(kind) for kind in KINDS]
    rig.once()
    rig.clock.pass_(2 * MINUTE)
    before = len(rig.sandbox.calls.select())
    reconcile.look_at_tickets(rig.shop.worker)
    assert len(rig.sandbox.calls.select(since=before)) <= 3
    assert len(made) == len(KINDS)


def test_once_does_it_no_more_often_than_reconcile_every(rig: Rig) -> None:
    filed = closed(rig)
    appear_late(rig, filed)
    rig.once()
    assert alive(rig) == 1
    rig.clock.pass_(5 * MINUTE)
    rig.once()
    assert alive(rig) == 0


def test_everything_found_stands_in_status_for_a_week(rig: Rig) -> None:
    filed = closed(rig)
    appear_late(rig, filed)
    tick(rig)
    said = "\n".join(sentences(health(rig.shop.ledger, rig.settings, rig.clock())))
    assert f"code_alive · {filed.task.number}: its bypass code was alive" in said
    rig.clock.pass_(7 * DAY)
    said = "\n".join(sentences(health(rig.shop.ledger, rig.settings, rig.clock())))
    assert "code_alive" not in said


def test_in_shadow_mode_nothing_is_mended(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"worker": {"mode": "shadow"}}, system=system) as rig:
        filed = rig.file("never_activated")
        rig.once()
        rig.site.close(filed.task.number, "technician.tom")
        rig.clock.pass_(HOUR)
        reconcile.reconcile(rig.shop)
        assert found(rig) == []
        assert rig.writes() == 0
