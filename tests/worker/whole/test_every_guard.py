"""Every guard has an example, a line in the README, and is played on the sandbox; those that wait are played here."""

import json
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sandbox.messages import Request, Response
from rules.table import load_guards
from tests.rig import running
from tests.worker.whole.test_guards import GUARDS, Arrange, filed, waits_for_approval
from worker.once import work_off
from worker.poll import poll

PLAYED_ELSEWHERE = {
    "closed": "test_closing_the_ticket_takes_everything_back_within_one_pass",
    "technician-has-it": "test_a_technician_who_takes_a_new_ticket_has_it_and_is_told_once",
    "unknown-marker": "test_a_ticket_with_our_notes_that_the_ledger_does_not_know_is_held_until_it_is_handed_back",
    "edited": "test_an_answer_that_is_edited_after_the_decision_holds_the_request",
    "approval-requested": "test_what_waits_for_something_waits_for_what_its_row_says",
    "locked-out": "test_what_waits_for_something_waits_for_what_its_row_says",
    "directory-stale": "test_groups_that_cannot_be_read_make_requests_wait_and_then_hold_them",
    "several-in-duo": "test_a_person_whom_two_duo_users_could_be_is_held",
}


def test_every_guard_is_played_on_the_sandbox_has_an_example_and_stands_in_the_readme() -> None:
    guards = load_guards()
    here = {guard.row for guard in GUARDS}
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    file = tomllib.loads((Path(__file__).parents[3] / "rules" / "guards.toml").read_text(encoding="utf-8"))
    shown = {example["expect"] for example in file["example"]}
    for row in guards.rows:
        assert row.id in here or f"def {PLAYED_ELSEWHERE[row.id]}(" in tests, f"{row.id} isn't played"
        assert row.id in shown, f"{row.id} has no example"
        assert f"\n| `{row.id}`" in readme, f"{row.id} isn't in the README"


@pytest.mark.parametrize(
    ("arrange", "row"), [(waits_for_approval, "approval-requested"), (filed("locked_out"), "locked-out")]
)
def test_what_waits_for_something_waits_for_what_its_row_says(tmp_path: Path, arrange: Arrange, row: str) -> None:
    with running(tmp_path) as rig:
        made = arrange(rig)
        rig.once()
        assert (rig.request(made).state, rig.request(made).wait_row) == ("new", row)


def test_groups_that_cannot_be_read_make_requests_wait_and_then_hold_them(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        rig.once()
        made = rig.file("never_activated")
        poll(rig.shop.polling, rig.clock())
        for hours, state in ((3, "new"), (3, "held")):
            rig.clock.pass_(timedelta(hours=hours))
            work_off(rig.shop)
            assert rig.request(made).state == state
        assert rig.request(made).rule_row == "directory-stale"
        assert rig.sandbox.duo.texts == ()


def test_a_person_whom_two_duo_users_could_be_is_held(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        made = rig.file("never_activated")
        server = rig.sandbox.servers["duo"]
        app = server.app

        def twofold(request: Request) -> Response:
            answer = app(request)
            if request.path != "/admin/v1/users":
                return answer
            said = json.loads(answer.body)
            said["response"] += [{**user, "user_id": "DUTWIN00000000000000"} for user in said["response"]]
            return replace(answer, body=json.dumps(said).encode())

        server.app = twofold
        rig.once()
        assert (rig.request(made).state, rig.request(made).rule_row) == ("held", "several-in-duo")
