"""What the ladder answers: rows that give something are decided like a first time."""

from datetime import timedelta
from typing import Any

import pytest

from rules.facts import Progress
from rules.ladder import gives_again, next_move
from rules.rows import IDENTITY_CHECK, Table
from rules.table import TableError, load_ladder
from tests.rules.builders import EVERY_PROOF, NO_PROOF, ORDINARY, changed, shipped

GUARDS, _ = shipped()
LADDER = load_ladder()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DESK = {"desk": True}

CLOSING = """
[[row]]
id = "rest"
outcome = "hold"
when = []
because = "nothing fits"
next_step = "Look."

[[example]]
name = "nothing is known"
expect = "rest"
"""


def of(*, proof: dict[str, Any] | None = None, user: dict[str, Any] | None = None, **progress: Any) -> Any:
    phone = {"found": True, "platform_known": True}
    facts = changed(ORDINARY, progress=progress, proof=proof or {}, user=user or {}, usable_smartphone=phone)
    return next_move(facts, GUARDS, LADDER)


def lapsed_link(**more: Any) -> dict[str, Any]:
    return {
        "option": "mobile.activation_link", "gave": "activation_link", "since_delivery": DAY, "reissued": 1, **more,
    }  # fmt: skip


def test_the_same_again_keeps_its_option_and_names_its_proof() -> None:
    decision = of(proof={"number_on_record": True}, **lapsed_link(reissued=0))
    assert (decision.outcome, decision.row) == ("mobile.activation_link", "link-again")
    assert decision.proof == "number-on-record"


def test_an_option_whose_proof_is_missing_is_passed_over_and_the_trace_says_which() -> None:
    decision = of(proof={"number_on_record": True}, **lapsed_link())
    assert decision.row == "remind"
    (passed,) = [row for row in decision.trace if row.row == "code-instead"]
    assert passed.matched
    assert "approval" in passed.lacks


def test_with_its_proof_it_is_chosen() -> None:
    assert of(proof=DESK, **lapsed_link()).outcome == "mobile.bypass_code"


def test_a_guard_that_fires_holds_whatever_the_row_gives() -> None:
    decision = of(proof=DESK, user={"status": "disabled"}, **lapsed_link())
    assert (decision.outcome, decision.row) == ("hold", "disabled")


def test_guards_are_not_asked_where_nothing_is_given() -> None:
    decision = of(
        user={"status": "disabled"}, option="key.bypass_code", gave="bypass_code", since_delivery=HOUR, alive=True
    )
    assert decision.row == "wait"


def ladder_that_only_gives_a_code() -> Table:
    row = """
[[row]]
id = "code"
outcome = "key.bypass_code"
when = ["progress.reissued == 0", "progress.option != ''"]
because = "a code"

[[example]]
name = "something was delivered"
expect = "code"
given.progress.option = "key.bypass_code"
"""
    return load_ladder(row + CLOSING, "mine.toml")


def test_where_only_the_closing_row_is_left_the_first_one_passed_over_holds_and_names_its_proof() -> None:
    facts = changed(ORDINARY, progress={"option": "key.bypass_code"})
    decision = next_move(facts, GUARDS, ladder_that_only_gives_a_code())
    assert (decision.outcome, decision.row) == ("hold", IDENTITY_CHECK)
    assert "a code; missing is" in decision.because
    assert decision.next_step


def test_that_something_is_given_is_known_before_fresh_facts_are_read() -> None:
    assert gives_again(changed(ORDINARY, progress=lapsed_link(reissued=0)), LADDER)
    assert gives_again(changed(ORDINARY, progress=lapsed_link()), LADDER)
    assert not gives_again(changed(ORDINARY, progress={"option": "key.bypass_code", "alive": True}), LADDER)


@pytest.mark.parametrize("proof", [NO_PROOF, EVERY_PROOF])
def test_a_used_code_is_never_followed_by_a_reminder_or_another_one(proof: Any) -> None:
    for used in (timedelta(), timedelta(minutes=14), timedelta(minutes=15), DAY):
        for more in ({}, {"commented": True}, {"since_delivery": 8 * DAY}, {"since_delivery": 2 * DAY}):
            progress = {"option": "key.bypass_code", "gave": "bypass_code", "code_used": True, "since_code_used": used}
            facts = changed(ORDINARY, progress={**progress, **more})
            decision = next_move(facts.__class__(**{**vars(facts), "proof": proof}), GUARDS, LADDER)
            assert decision.outcome == ("hold" if used >= timedelta(minutes=15) else "wait")


@pytest.mark.parametrize("option", ["mobile.activation_link", "mobile.add_phone", "key.enrollment_link"])
def test_the_ladder_never_changes_to_an_option_that_needs_less_proof(option: str) -> None:
    row = f'[[row]]\nid = "less"\noutcome = "{option}"\nwhen = ["progress.reissued == 0"]\nbecause = "less"\n'
    with pytest.raises(TableError, match="outcome `"):
        load_ladder(row + CLOSING, "mine.toml")


def test_nothing_known_is_for_a_person() -> None:
    assert next_move(changed(ORDINARY, progress=vars(Progress())), GUARDS, LADDER).row == "nothing-fits"


def test_what_followed_a_phone_that_was_added_follows_it_again() -> None:
    given = {"option": "mobile.add_phone", "gave": "activation_link", "since_delivery": DAY}
    facts = changed(ORDINARY, progress=given, proof={"trusted_number": True}, number={"given": True, "kind": "mobile"})
    decision = next_move(facts, GUARDS, LADDER, "mobile.activation_link")
    assert (decision.outcome, decision.then, decision.row) == (
        "mobile.add_phone", "mobile.activation_link", "link-again",
    )  # fmt: skip


def test_the_same_again_of_nothing_is_held() -> None:
    row = """
[[row]]
id = "again"
outcome = "reissue"
when = ["progress.reissued == 0", "progress.since_delivery > t'PT1H'"]
because = "again"

[[example]]
name = "two hours later"
expect = "again"
given.progress = { since_delivery = "2h" }
"""
    decision = next_move(changed(ORDINARY, progress={"since_delivery": DAY}), GUARDS, load_ladder(row + CLOSING))
    assert (decision.outcome, decision.row) == ("hold", "again")
