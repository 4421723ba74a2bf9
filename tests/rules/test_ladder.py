"""What the ladder answers: rows that give something are decided like a first time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.asked import first_match
from rules.expression import ExpressionFailed
from rules.facts import Progress
from rules.ladder import gives_again, next_move
from rules.rows import IDENTITY_CHECK, Table
from rules.sentence import Sentence
from rules.table import TableError, load_follow_up, load_guards, load_ladder
from tests.rules.builders import EVERY_PROOF, NO_PROOF, ORDINARY, changed

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
    return next_move(facts, load_guards(), load_follow_up())


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
    decision = next_move(facts, load_guards(), ladder_that_only_gives_a_code())
    assert (decision.outcome, decision.row) == ("hold", IDENTITY_CHECK)
    assert "a code; missing is" in decision.because
    assert decision.next_step


def test_what_is_passed_over_names_the_facts_that_its_row_rests_on() -> None:
    row, closing = ladder_that_only_gives_a_code().rows
    rows = (replace(row, because=Sentence("a code after {progress.option}")), closing)
    facts = changed(ORDINARY, progress={"option": "key.bypass_code"})
    decision = next_move(facts, load_guards(), Table("mine.toml", rows, "0"))
    assert decision.because.startswith("a code after key.bypass_code; missing is ")


def test_a_reason_names_the_facts_and_a_hold_the_next_step() -> None:
    (closing,) = load_ladder(CLOSING.replace('"nothing fits"', '"nothing fits {progress.option}"'), "mine.toml").rows
    closing = replace(closing, next_step=Sentence("Look at {progress.option}."))
    facts = changed(ORDINARY, progress={"option": "key.bypass_code"})
    decision = next_move(facts, load_guards(), Table("mine.toml", (closing,), "0"), "mobile.bypass_code")
    assert (decision.because, decision.next_step) == ("nothing fits key.bypass_code", "Look at key.bypass_code.")
    assert decision.then == "", "nothing is given, so that nothing follows"


def test_a_row_that_waits_says_how_long() -> None:
    decision = of(option="key.bypass_code", gave="bypass_code", since_delivery=HOUR, alive=True)
    row = next(row for row in load_follow_up().rows if row.id == decision.row)
    assert (decision.again_in, decision.at_most) == (row.again_in, row.at_most)
    assert decision.again_in


def test_a_row_that_cannot_be_asked_holds_and_is_named_and_nothing_is_given() -> None:
    facts: Any = changed(ORDINARY, progress=lapsed_link(reissued=0))
    broken = replace(facts, progress=None)
    decision = next_move(broken, load_guards(), load_follow_up())
    assert (decision.outcome, decision.row) == ("hold", "rule-failed")
    assert "row `" in decision.because
    assert "of follow_up.toml: `" in decision.because
    assert not gives_again(broken, load_follow_up())
    with pytest.raises(ExpressionFailed, match=r"^row `[a-z-]+` of follow_up.toml: `"):
        first_match(load_follow_up(), broken)


def test_the_trace_tells_every_row_asked_and_the_version_stands_for_all_tables() -> None:
    facts = changed(ORDINARY, progress={"option": "key.bypass_code"})
    decision = next_move(facts, load_guards(), ladder_that_only_gives_a_code())
    asked = [one.row for one in decision.trace if one.file == "mine.toml"]
    assert asked == ["code", "rest"]
    other = next_move(facts, replace(load_guards(), digest="another"), ladder_that_only_gives_a_code())
    versions = {decision.version, other.version, of(**lapsed_link()).version}
    assert len(versions) == 3
    assert all(versions)


def test_a_phone_followed_by_a_code_needs_both_proofs_again_and_names_both() -> None:
    progress = {"option": "mobile.add_phone", "gave": "bypass_code", "since_delivery": DAY, "commented": True}
    facts = changed(ORDINARY, progress=progress, number={"given": True, "kind": "mobile"})
    row = """
[[row]]
id = "again"
outcome = "reissue"
when = ["progress.commented"]
because = "again"

[[example]]
name = "a comment"
expect = "again"
given.progress.commented = true
"""
    ladder = load_ladder(row + CLOSING, "mine.toml")
    both = changed(facts, proof={"trusted_number": True, "approval": True})
    assert next_move(both, load_guards(), ladder, "mobile.bypass_code").proof == "trusted-number, approval"
    one = changed(facts, proof={"trusted_number": True})
    assert next_move(one, load_guards(), ladder, "mobile.bypass_code").row == IDENTITY_CHECK


def test_a_row_that_holds_for_itself_comes_before_what_was_passed_over() -> None:
    code, closing = ladder_that_only_gives_a_code().rows
    stops = replace(closing, id="stops", when=code.when)
    ladder = Table("mine.toml", (code, stops, closing), "0")
    facts = changed(ORDINARY, progress={"option": "key.bypass_code"})
    assert next_move(facts, load_guards(), ladder).row == "stops"


def test_that_something_is_given_is_known_before_fresh_facts_are_read() -> None:
    assert gives_again(changed(ORDINARY, progress=lapsed_link(reissued=0)), load_follow_up())
    assert gives_again(changed(ORDINARY, progress=lapsed_link()), load_follow_up())
    assert not gives_again(changed(ORDINARY, progress={"option": "key.bypass_code", "alive": True}), load_follow_up())


@pytest.mark.parametrize("proof", [NO_PROOF, EVERY_PROOF])
def test_a_used_code_is_never_followed_by_a_reminder_or_another_one(proof: Any) -> None:
    for used in (timedelta(), timedelta(minutes=14), timedelta(minutes=15), DAY):
        for more in ({}, {"commented": True}, {"since_delivery": 8 * DAY}, {"since_delivery": 2 * DAY}):
            progress = {"option": "key.bypass_code", "gave": "bypass_code", "code_used": True, "since_code_used": used}
            facts = changed(ORDINARY, progress={**progress, **more})
            decision = next_move(facts.__class__(**{**vars(facts), "proof": proof}), load_guards(), load_follow_up())
            assert decision.outcome == ("hold" if used >= timedelta(minutes=15) else "wait")


@pytest.mark.parametrize("option", ["mobile.activation_link", "mobile.add_phone", "key.enrollment_link"])
def test_the_ladder_never_changes_to_an_option_that_needs_less_proof(option: str) -> None:
    row = f'[[row]]\nid = "less"\noutcome = "{option}"\nwhen = ["progress.reissued == 0"]\nbecause = "less"\n'
    with pytest.raises(TableError, match="outcome `"):
        load_ladder(row + CLOSING, "mine.toml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no closing row: the last row (there is none)"),
        (CLOSING.replace("when = []", "when = []\noptional = true"), "row `rest`: `optional` belongs to the guards"),
        (
            '[[proof]]\nid = "p"\noptions = ["x"]\nwhen = ["x"]\n' + CLOSING,
            "proof `p`: [[proof]] belongs to the guards",
        ),
        (CLOSING.partition("[[example]]")[0], "row `rest` has no example"),
        (CLOSING.replace('expect = "rest"', 'expect = "code"'), "example `nothing is known`: expected row `code` is"),
    ],
)
def test_a_ladder_is_refused_with_its_file_and_one_sentence(text: str, sentence: str) -> None:
    """An empty file is none either: nothing else is put in its place."""
    with pytest.raises(TableError) as refused:
        load_ladder(text, "mine.toml")
    assert refused.value.file == "mine.toml"
    assert refused.value.sentence.startswith(sentence)


def test_a_ladder_is_known_by_its_file_and_counts_its_examples() -> None:
    ladder = ladder_that_only_gives_a_code()
    assert (ladder.file, ladder.examples, [row.id for row in ladder.rows]) == ("mine.toml", 2, ["code", "rest"])
    assert load_follow_up().file == "follow_up.toml"


def test_nothing_known_is_for_a_person() -> None:
    assert (
        next_move(changed(ORDINARY, progress=vars(Progress())), load_guards(), load_follow_up()).row == "nothing-fits"
    )


def test_what_followed_a_phone_that_was_added_follows_it_again() -> None:
    given = {"option": "mobile.add_phone", "gave": "activation_link", "since_delivery": DAY}
    facts = changed(ORDINARY, progress=given, proof={"trusted_number": True}, number={"given": True, "kind": "mobile"})
    decision = next_move(facts, load_guards(), load_follow_up(), "mobile.activation_link")
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
    decision = next_move(
        changed(ORDINARY, progress={"since_delivery": DAY}), load_guards(), load_ladder(row + CLOSING, "mine.toml")
    )
    assert (decision.outcome, decision.row) == ("hold", "again")
