"""Pauses, caps, budgets gone, systems that are wrong: requests wait, and none is lost or spent."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from connectors.errors import Misconfigured
from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import KINDS
from tests.rig import SECURITY_KEY, Rig, System, running
from worker import brakes
from worker.ledger import marks
from worker.ledger.schema import requests

MINUTE = timedelta(minutes=1)


def test_pause_stops_issuing_and_holding_goes_on(rig: Rig) -> None:
    served, held = rig.file("never_activated"), rig.file("disabled")
    brakes.pause(rig.shop.ledger, rig.clock(), everything=False, why="a test")
    rig.once()
    assert rig.sandbox.duo.texts == ()
    assert rig.request(held).state == "held"
    assert "a test" in rig.request(served).waits_for
    brakes.resume(rig.shop.ledger, rig.clock())
    rig.once()
    assert rig.request(served).state == "awaiting"


def test_nothing_is_issued_any_more_once_the_pause_is_written(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY)
    rig.sandbox.faults.set(
        Rule(rig.system, "meanwhile", method="PATCH", before=lambda: rig.clock.pass_(2 * MINUTE)),
        Rule("duo", "meanwhile", method="GET", route="/users$", nth=2, before=lambda: pause(rig)),
    )
    rig.once()
    assert len(rig.sandbox.faults.met) == 2
    assert rig.sandbox.duo.all_codes() == ()
    assert "a test" in rig.request(filed).waits_for


def pause(rig: Rig) -> None:
    brakes.pause(rig.shop.ledger, rig.clock(), everything=False, why="a test")


def test_undoing_goes_on_while_issuing_is_paused(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY)
    rig.once()
    brakes.pause(rig.shop.ledger, rig.clock(), everything=False, why="a test")
    rig.clock.pass_(MINUTE)
    rig.site.work_note(filed.task.number, "desk.dana", "#revoke")
    rig.once()
    assert rig.sandbox.duo.codes(rig.person("personal_address").user_name) == ()


def test_pause_all_stops_everything(rig: Rig) -> None:
    rig.file("disabled")
    brakes.pause(rig.shop.ledger, rig.clock(), everything=True, why="a test")
    assert "a test" in rig.once()[0]
    assert rig.sandbox.calls.select() == ()


def test_the_cap_of_codes_an_hour_makes_requests_wait_and_a_surge_raises_it(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"policy": {"codes_per_hour": 1}}, system=system) as rig:
        both = [
            rig.site.file_request(
                rig.sandbox.person("personal_address", place),
                {"device_type": SECURITY_KEY, "mobile_number": "", "phone_os": "", "preferred_method": ""},
            )
            for place in (0, 1)
        ]
        rig.once()
        assert sorted(str(rig.request(filed).state) for filed in both) == ["acting", "awaiting"]
        assert len(rig.sandbox.duo.all_codes()) == 1
        brakes.surge(rig.shop.ledger, rig.clock(), factor=2, lasts=timedelta(hours=1), why="a test")
        rig.clock.pass_(timedelta(minutes=61))
        rig.once()
        assert [str(rig.request(filed).state) for filed in both] == ["awaiting", "awaiting"]


def test_a_wrong_duo_secret_pauses_duo_and_spends_no_request(rig: Rig, tmp_path: Path) -> None:
    filed = rig.file("never_activated")
    rig.once()
    other = rig.file("platform_unknown")
    (tmp_path / "secrets" / "duo").write_text("not-the-secret\n")
    rig.again()
    rig.clock.pass_(timedelta(minutes=2))
    problems = rig.once()
    assert len(problems) == 1
    assert problems[0].startswith("duo is paused")
    calls = len(rig.sandbox.calls.select("duo"))
    rig.clock.pass_(timedelta(minutes=20))
    with pytest.raises(Misconfigured):
        rig.once()
    assert len(rig.sandbox.calls.select("duo")) == calls, "never by trying"
    assert rig.request(other).state == "new"
    assert rig.request(filed).state == "awaiting"


def test_a_system_that_is_down_delays_and_loses_nothing(rig: Rig) -> None:
    made = [rig.file(kind, device=SECURITY_KEY) for kind in KINDS]
    app = rig.sandbox.servers["password_pusher"].app
    rig.sandbox.servers["password_pusher"].stop()
    rig.once()
    waiting = [rig.request(filed) for filed in made if rig.request(filed).state == "acting"]
    assert waiting
    assert all("password_pusher" in request.waits_for for request in waiting)
    assert app is not None


def test_twenty_of_fifty_ending_in_one_trouble_pause_issuing(rig: Rig) -> None:
    with rig.shop.ledger.writing() as connection:
        marks.put(connection, "unrelated", {}, rig.clock())
    rig.file("never_activated")
    rig.once()
    with rig.shop.ledger.writing() as connection:
        row = connection.execute(select(requests)).mappings().one()
        for place in range(20):
            other = {"ticket_id": f"t{place}", "person": f"p{place}", "trouble": "duo refused: 40002"}
            connection.execute(insert(requests).values({**row, "id": row["id"] + 1 + place, **other}))
    brakes.count_trouble(rig.shop.ledger, rig.clock())
    paused = brakes.paused(rig.shop.ledger)
    assert paused is not None
    assert not paused.all
    assert "duo refused: 40002" in paused.why
