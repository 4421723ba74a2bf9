"""Shadow mode: decides and shows, writes nothing anywhere."""

from pathlib import Path

from connectors.sandbox.people import KINDS
from tests.rig import running
from worker.explaining import explain
from worker.ledger.states import State


def test_in_shadow_everything_is_decided_and_nothing_is_written(tmp_path: Path) -> None:
    with running(tmp_path, {"worker": {"mode": "shadow"}}) as rig:
        made = [rig.file(kind, number="own") for kind in KINDS]
        rig.once()
        assert rig.writes() == 0
        requests = [rig.request(filed) for filed in made]
        assert {request.state for request in requests} == {State.NEW}
        assert all(request.outcome for request in requests)
        assert len({request.rule_row for request in requests}) > 4


def test_explain_writes_nothing_and_says_what_would_be_done(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        filed = rig.file("never_activated")
        rig.shop.directory.look()
        found = explain(rig.shop, filed.item.number)
        assert rig.writes() == 0
        assert found.decision.outcome == "mobile.activation_link"
        assert found.steps == ("take", "notice", "activation_text", "tell_delivered")
        assert found.request is None
