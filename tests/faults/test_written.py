"""That a secret which is written down where it doesn't belong is found, else the matrix would say nothing of them."""

from pathlib import Path

from tests.faults.cases import clean
from tests.faults.stage import stage as opened
from tests.faults.stories import STORIES
from tests.faults.written import written


def test_a_code_in_the_log_or_beside_the_ledger_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as stage, written(stage) as made:
        clean(stage, next(story for story in STORIES if story.makes_a_code))
        (code,) = stage.sandbox.duo.all_codes()
        (tmp_path / "var" / "left.tmp").write_text(f"the code is {code.digits}", encoding="utf-8")
        made.log.write(f"given {code.digits}\n")
        found = made.leaked()
        assert [wrong.how for wrong in found] == ["leaked", "leaked"]
        assert ["log" in found[0].what, "left.tmp" in found[1].what] == [True, True]
        assert code.digits not in str(found)
        assert made.log.getvalue() == ""


def test_a_code_of_the_case_before_in_a_ticket_of_the_next_is_found_once(tmp_path: Path) -> None:
    with opened(tmp_path) as stage, written(stage) as made:
        story = next(story for story in STORIES if story.makes_a_code)
        clean(stage, story)
        (code,) = stage.sandbox.duo.all_codes()
        assert made.leaked() == [] == made.leaked_on_tickets()
        run = clean(stage, story)
        assert made.leaked() == []
        stage.rig.site.work_note(stage.tickets[-1], "desk.dana", f"given {code.digits}")
        assert [wrong.how for wrong in made.leaked_on_tickets()] == ["leaked"], run.case
        assert made.leaked_on_tickets() == []
