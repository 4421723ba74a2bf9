"""What the slow tick looks at after the end, what it costs, and that one part of it that fails leaves the others."""

from pathlib import Path

import pytest

from connectors.sandbox.people import KINDS
from tests.rig import Rig, System, running
from tests.worker.whole.delivered import DAY, HOUR, KIND, MINUTE
from tests.worker.whole.reconciling import alive, appear_late, closed, enrolled, events, found, kinds, tick
from worker import reconcile
from worker.health import health, sentences
from worker.poll import poll


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
