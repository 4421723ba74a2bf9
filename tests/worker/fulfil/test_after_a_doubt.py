"""A step that was found begun: what was seen of it decides whether and how it is sent again."""

import pytest

from tests.worker.fulfil.outside import (
    LATER,
    Outside,
    begun,
    carry_out,
    holds_no_more,
    row,
    states,
)
from worker.case import Case
from worker.fulfil import Doubt, Exhausted, Wait, fulfil
from worker.ledger.database import Check
from worker.ledger.rows import StepRow
from worker.steps.step import Again, CannotTell, Done, NextAttempt, NotYet, Result

pytestmark = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)


def test_a_step_that_was_done_after_all_is_not_sent_again(case: Case, outside: Outside) -> None:
    begun(case, "one", key="k")
    carry_out(case, {"one": outside.step(Done(Result({"push": "found"}))), "two": outside.step()})
    assert outside.names == ["two"]
    done = row(case, "one")
    assert (done.state, done.result, done.attempts, done.intent) == ("done", {"push": "found"}, 1, {"key": "k"})


def test_what_changes_nothing_when_done_twice_is_sent_again_as_the_same_attempt(case: Case, outside: Outside) -> None:
    begun(case, "one", key="k")
    outside.answers["one"] = Result({"said": "twice"})
    carry_out(case, {"one": outside.step(Again()), "two": outside.step()})
    (_, sent), _ = outside.asked
    assert (sent.state, sent.attempts, sent.intents) == ("begun", 1, ({"key": "k"},))
    done = row(case, "one")
    assert (done.state, done.result, done.attempts) == ("done", {"said": "twice"}, 1)


def test_whatever_forbids_going_on_forbids_sending_again(case: Case, outside: Outside) -> None:
    begun(case, "one")

    def before(_case: Case, row: StepRow) -> Check:
        raise Wait(None, row.name)

    with pytest.raises(Wait, match="one"):
        fulfil(case, {"one": outside.step(Again())}, before=before)
    assert outside.asked == []


def test_what_must_hold_when_a_step_begins_must_hold_when_it_is_sent_again(case: Case, outside: Outside) -> None:
    begun(case, "one")
    with pytest.raises(Wait, match="one"):
        fulfil(case, {"one": outside.step(Again())}, before=holds_no_more)
    assert outside.asked == []


def test_an_attempt_of_which_nothing_is_left_is_followed_by_another(case: Case, outside: Outside) -> None:
    begun(case, "one", n=1)
    table = {"one": outside.step(NextAttempt(), attempts=2, intend=lambda *_: {"n": 2}), "two": outside.step()}
    carry_out(case, table)
    (_, sent), _ = outside.asked
    assert (sent.attempts, sent.intents) == (2, ({"n": 1}, {"n": 2}))
    assert states(case) == [("one", "done"), ("two", "done")]


@pytest.mark.parametrize("attempts", [1, 2])
def test_no_more_attempts_are_made_than_the_step_allows(case: Case, outside: Outside, attempts: int) -> None:
    for _ in range(attempts):
        begun(case, "one")
    with pytest.raises(Exhausted, match=r"^one$") as exhausted:
        carry_out(case, {"one": outside.step(NextAttempt(), attempts=attempts)})
    assert exhausted.value.step == "one"
    assert outside.asked == []
    assert states(case) == [("one", "begun"), ("two", "planned")]


def test_what_cant_be_told_yet_is_waited_for(case: Case, outside: Outside) -> None:
    begun(case, "one")
    with pytest.raises(Wait, match=r"^a lost answer to be found out$") as waits:
        carry_out(case, {"one": outside.step(NotYet(LATER))})
    assert (waits.value.until, waits.value.values) == (LATER, {})
    assert outside.asked == []


def test_what_will_never_be_told_is_for_a_person(case: Case, outside: Outside) -> None:
    begun(case, "one")
    with pytest.raises(Doubt, match=r"^one: two codes fit$") as doubt:
        carry_out(case, {"one": outside.step(CannotTell("two codes fit"))})
    assert (doubt.value.step, doubt.value.why) == ("one", "two codes fit")
    assert outside.asked == []
