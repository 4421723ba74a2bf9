"""Shadow mode: decides and shows, writes nothing anywhere."""

from datetime import timedelta
from pathlib import Path

from connectors.sandbox.people import KINDS
from tests.rig import SECURITY_KEY, System, running
from worker import wiring
from worker.explaining import explain
from worker.ledger.states import State


def test_in_shadow_everything_is_decided_and_nothing_is_written(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"worker": {"mode": "shadow"}}, system=system) as rig:
        made = [rig.file(kind, number="own") for kind in KINDS]
        rig.once()
        assert rig.writes() == 0
        requests = [rig.request(filed) for filed in made]
        assert {request.state for request in requests} == {State.NEW}
        assert all(request.outcome for request in requests)
        assert len({request.rule_row for request in requests}) > 4


def test_in_shadow_nothing_is_written_whatever_people_do(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"worker": {"mode": "shadow"}}, system=system) as rig:
        taken, revoked, closed = rig.file("never_activated"), rig.file("disabled"), rig.file("platform_unknown")
        rig.once()
        rig.clock.pass_(timedelta(minutes=1))
        rig.site.assign(taken.task.number, "technician.tom")
        rig.site.work_note(revoked.task.number, "desk.dana", "#revoke")
        rig.site.close(closed.task.number, "technician.tom")
        rig.clock.pass_(timedelta(minutes=1))
        rig.once()
        assert rig.writes() == 0
        assert {rig.request(filed).state for filed in (taken, revoked, closed)} == {State.NEW}


def test_what_was_under_way_before_shadow_stays_as_it_is(tmp_path: Path, system: System) -> None:
    with running(tmp_path, system=system) as rig:
        filed = rig.file("personal_address", device=SECURITY_KEY)
        rig.once()
        config = tmp_path / "config.toml"
        config.write_text(config.read_text().replace('mode = "live"', 'mode = "shadow"'))
        rig.settings = wiring.settings(config, {})
        rig.again()
        before = rig.writes()
        rig.clock.pass_(timedelta(days=2))
        rig.site.close(filed.task.number, "technician.tom")
        rig.once()
        assert rig.writes() == before
        assert rig.request(filed).state is State.AWAITING


def test_explain_writes_nothing_and_says_what_would_be_done(tmp_path: Path, system: System) -> None:
    with running(tmp_path, system=system) as rig:
        filed = rig.file("never_activated")
        rig.shop.directory.look()
        found = explain(rig.shop, filed.item.number)
        assert rig.writes() == 0
        assert found.decision.outcome == "mobile.activation_link"
        assert found.steps == ("take", "notice", "activation_text", "tell_delivered")
        assert found.request is None
