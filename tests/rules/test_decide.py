from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest

from rules.decide import decide, recheck
from rules.expression import Seen
from rules.facts import Facts, Proof, User
from rules.rows import Table
from rules.sentence import Sentence
from rules.table import load_enrollment, load_guards
from tests.rules.builders import EVERY_PROOF, ORDINARY, after, changed, row, table

TYPED = changed(ORDINARY, number={"given": True, "kind": "mobile"})


def test_the_first_row_that_matches_decides() -> None:
    first = row("first", "mobile.bypass_code")
    both = table(after(first, row("second", "mobile.activation_link")))
    assert decide(replace(ORDINARY, proof=EVERY_PROOF), load_guards(), both).row == "first"


def test_a_row_without_its_proof_is_passed_over_and_the_search_goes_on() -> None:
    both = table(after(row("link", "mobile.activation_link"), row("code", "mobile.bypass_code")))
    decision = decide(replace(ORDINARY, proof=Proof(desk=True)), load_guards(), both)
    assert (decision.row, decision.proof) == ("code", "desk")
    link, on_record, not_required, code, desk = decision.trace[-5:]
    assert (link.row, link.matched) == ("link", True)
    assert "on their Duo record before the request" in link.lacks
    assert (on_record.file, on_record.row, on_record.matched) == ("guards.toml", "number-on-record", False)
    assert (not_required.row, not_required.option) == ("not-required", "mobile.activation_link")
    assert (code.row, code.matched, code.lacks) == ("code", True, "")
    assert (desk.row, desk.option, desk.matched) == ("desk", "mobile.bypass_code", True)


def test_if_only_the_closing_row_is_left_the_first_one_passed_over_holds() -> None:
    both = table(after(row("link", "mobile.activation_link"), row("code", "mobile.bypass_code")))
    decision = decide(ORDINARY, load_guards(), both)
    assert (decision.outcome, decision.row, decision.proof) == ("hold", "identity-check", "")
    assert decision.because.startswith("link is wanted; missing is a smartphone of theirs alone")
    assert "#verified METHOD" in decision.next_step
    assert decision.trace[-1].row == "nothing-fits"


def test_everything_that_would_have_counted_is_named() -> None:
    decision = decide(ORDINARY, load_guards(), table(row("code", "mobile.bypass_code")))
    assert decision.because == (
        "code is wanted; missing is a work note `#verified METHOD` by somebody who may check identities, "
        "an approval by somebody who is neither the opener nor the person, "
        "or an address on file that the stolen password would not open"
    )


def test_a_row_that_holds_for_itself_comes_before_what_was_passed_over() -> None:
    both = table(after(row("code", "mobile.bypass_code"), row("by-hand", "hold", more='next_step = "do it"')))
    decision = decide(ORDINARY, load_guards(), both)
    assert (decision.row, decision.next_step) == ("by-hand", "do it")


def test_the_closing_row_holds_where_nothing_was_passed_over() -> None:
    decision = decide(
        changed(ORDINARY, request={"device": ""}), load_guards(), table(row("code", "mobile.bypass_code"))
    )
    assert (decision.outcome, decision.row, decision.next_step) == ("hold", "nothing-fits", "look at it")


def test_a_reason_names_the_facts_that_its_row_rests_on() -> None:
    def because(facts: Facts, *rows: str) -> str:
        naming = [one.replace("is wanted", "for {request.device}") for one in rows]
        return decide(facts, load_guards(), table(*naming)).because

    code = row("code", "mobile.bypass_code")
    assert because(replace(ORDINARY, proof=EVERY_PROOF), code) == "code for duo_mobile"
    assert because(ORDINARY, code).startswith("code for duo_mobile; missing is ")
    assert because(ORDINARY, row("later", "hold", more='next_step = "look"')) == "later for duo_mobile"


def test_the_closing_row_names_facts_too() -> None:
    rows = table().rows
    closing = replace(rows[0], because=Sentence("nothing fits '{request.device}'"))
    assert decide(ORDINARY, load_guards(), Table("t.toml", (closing,), "0")).because == "nothing fits 'duo_mobile'"


def test_a_row_may_wait_or_refuse() -> None:
    waits = table(row("later", "wait", more='again_in = "5m"\nat_most = "1h"\nnext_step = "look"'))
    later = decide(ORDINARY, load_guards(), waits)
    assert (later.outcome, later.again_in, later.at_most) == ("wait", timedelta(minutes=5), timedelta(hours=1))
    assert decide(ORDINARY, load_guards(), table(row("no", "refuse"))).outcome == "refuse"


def test_a_phone_followed_by_a_code_needs_both_proofs_and_names_both() -> None:
    adds = table(row("add", "mobile.add_phone", more='then = "mobile.bypass_code"'))
    both = decide(replace(TYPED, proof=Proof(trusted_number=True, approval=True)), load_guards(), adds)
    assert (both.outcome, both.then, both.proof) == (
        "mobile.add_phone",
        "mobile.bypass_code",
        "trusted-number, approval",
    )
    assert decide(replace(TYPED, proof=Proof(desk=True)), load_guards(), adds).proof == "desk"
    one = decide(replace(TYPED, proof=Proof(trusted_number=True)), load_guards(), adds)
    assert one.row == "identity-check"
    assert "an approval by somebody" in one.because
    asked = [(each.row, each.option) for each in one.trace if each.option]
    assert asked[:2] == [("desk", "mobile.add_phone"), ("trusted-number", "mobile.add_phone")]
    assert ("approval", "mobile.bypass_code") in asked


def test_a_phone_followed_by_its_link_needs_one_proof() -> None:
    adds = table(row("add", "mobile.add_phone", more='then = "mobile.activation_link"'))
    decision = decide(replace(TYPED, proof=Proof(trusted_number=True)), load_guards(), adds)
    assert (decision.outcome, decision.proof) == ("mobile.add_phone", "trusted-number")


def test_what_to_do_for_a_missing_proof_names_facts() -> None:
    guards = load_guards()
    naming = tuple(replace(one, next_step=Sentence("check {user.status} people")) for one in guards.proofs)
    decision = decide(ORDINARY, replace(guards, proofs=naming), table(row("code", "mobile.bypass_code")))
    assert decision.next_step == "check active people"


def test_where_nobody_could_bring_a_proof_none_is_asked_for() -> None:
    guards = load_guards()
    nameless = tuple(one for one in guards.proofs if not one.missing)
    decision = decide(ORDINARY, replace(guards, proofs=nameless), table(row("code", "mobile.bypass_code")))
    assert decision.because == "code is wanted; missing is any proof that counts for mobile.bypass_code"
    assert decision.next_step == ""


def test_guards_are_asked_first_whatever_the_table() -> None:
    facts = changed(replace(ORDINARY, proof=EVERY_PROOF), user={"privileged": True})
    decision = decide(facts, load_guards(), table(row("code", "mobile.bypass_code")))
    assert (decision.row, decision.outcome) == ("privileged", "hold")
    assert decision.trace[-1].row == "privileged"
    assert {one.file for one in decision.trace} == {"guards.toml"}


def test_a_guard_that_is_switched_off_is_not_asked() -> None:
    off = replace(load_guards(), off=frozenset({"too-old"}))
    facts = changed(replace(ORDINARY, proof=EVERY_PROOF), request={"age": timedelta(days=30)})
    decision = decide(facts, off, load_enrollment())
    assert decision.outcome == "mobile.bypass_code"
    assert "too-old" not in {one.row for one in decision.trace}
    assert decide(facts, load_guards(), load_enrollment()).row == "too-old"


def test_the_trace_tells_every_row_asked_with_what_each_condition_saw() -> None:
    decision = decide(
        replace(ORDINARY, proof=Proof(desk=True)), load_guards(), table(row("code", "mobile.bypass_code"))
    )
    assert [one.row for one in decision.trace] == [*(one.id for one in load_guards().rows), "code", "desk"]
    code = decision.trace[-2]
    assert [(tried.text, tried.held) for tried in code.tried] == [
        ("request.device == 'duo_mobile'", True),
        ("not request.edited", True),
    ]
    assert code.tried[0].seen == (Seen("request.device", "'duo_mobile'"),)
    assert decision.trace[-1].tried[1].seen[0] == Seen("option", "'mobile.bypass_code'")


def test_conditions_after_one_that_does_not_hold_are_in_the_trace_too() -> None:
    decision = decide(
        changed(ORDINARY, request={"device": ""}), load_guards(), table(row("code", "mobile.bypass_code"))
    )
    code = next(one for one in decision.trace if one.row == "code")
    assert (code.matched, [tried.held for tried in code.tried]) == (False, [False, True])


@pytest.mark.parametrize("broken", ["request", "requester", "user", "history", "policy", "number", "limits"])
def test_a_rule_that_cannot_be_asked_holds_the_request_and_names_the_row(broken: str) -> None:
    facts = replace(ORDINARY, proof=EVERY_PROOF, **{broken: None})  # type: ignore[arg-type]  # facts that a bug made
    decision = decide(facts, load_guards(), load_enrollment())
    assert (decision.outcome, decision.row) == ("hold", "rule-failed")
    assert "of guards.toml: `" in decision.because
    assert decision.next_step.startswith("Tell whoever runs the worker")
    again = recheck(facts, load_guards(), "mobile.bypass_code")
    assert again is not None
    assert (again.outcome, again.row) == ("hold", "rule-failed")
    assert "of guards.toml: `" in again.because


@pytest.mark.parametrize("broken", ["proof", "usable_smartphone"])
def test_a_row_of_the_table_or_a_proof_that_cannot_be_asked_is_not_skipped(broken: str) -> None:
    facts = replace(ORDINARY, **{broken: None})  # type: ignore[arg-type]  # facts that a bug made
    decision = decide(facts, load_guards(), load_enrollment())
    assert (decision.outcome, decision.row) == ("hold", "rule-failed")
    assert decision.trace


def test_the_version_stands_for_all_tables_and_for_what_is_off() -> None:
    one, other = table(row("code", "mobile.bypass_code")), table(row("code", "mobile.activation_link"))
    off = replace(load_guards(), off=frozenset({"too-old"}))
    versions = {
        decide(ORDINARY, load_guards(), one).version,
        decide(ORDINARY, load_guards(), other).version,
        decide(ORDINARY, off, one).version,
        decide(ORDINARY, replace(load_guards(), digest="another"), one).version,
    }
    assert len(versions) == 4
    assert decide(Facts(), load_guards(), one).version in versions


def test_a_second_look_that_stops_says_why_and_what_to_do() -> None:
    stopped = recheck(ORDINARY, load_guards(), "mobile.bypass_code")
    assert stopped is not None
    assert (stopped.outcome, stopped.row, stopped.version) == ("hold", "identity-check", load_guards().version)
    assert stopped.because.startswith("the proof of identity that the decision rested on is gone; missing is ")
    assert stopped.trace[-1].row == "not-required"


def test_a_second_look_asks_the_guards_and_the_decided_proof_only() -> None:
    stopped = recheck(ORDINARY, load_guards(), "mobile.activation_link")
    assert stopped is not None
    asked = [one.row for one in stopped.trace]
    assert asked == [*(one.id for one in load_guards().rows), "number-on-record", "not-required"]


@pytest.mark.parametrize("differing", [{}, {"request": {"device": "security_key"}}, {"user": {"found": False}}])
def test_a_decision_takes_no_time_worth_speaking_of(differing: Mapping[str, Mapping[str, object]]) -> None:
    facts = changed(ORDINARY, **differing)
    best = min(_seconds(facts) for _ in range(20))
    assert best < 0.01


def _seconds(facts: Facts) -> float:
    start = perf_counter()
    decide(facts, load_guards(), load_enrollment())
    return perf_counter() - start


def test_users_without_anything_known_are_held() -> None:
    assert decide(Facts(), load_guards(), load_enrollment()).row == "not-in-duo"
    assert decide(Facts(user=User(found=True, matches=1)), load_guards(), load_enrollment()).row == "status-unknown"
