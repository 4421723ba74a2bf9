from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rules.decide import decide, recheck
from rules.decision import Decision
from rules.expression import Seen
from rules.facts import OPTIONS, Facts, Proof, User
from rules.rows import OUTCOMES, Table
from rules.sentence import Sentence
from rules.table import load_enrollment, load_guards, load_table
from tests.rules.builders import EVERY_PROOF, ORDINARY, anything, changed, nearly_ordinary

TYPED = changed(ORDINARY, number={"given": True, "kind": "mobile"})


def row(id_: str, outcome: str, device: str = "duo_mobile", more: str = "") -> str:
    """A row for `device`, and an example that expects it."""
    return f"""
[[row]]
id = "{id_}"
outcome = "{outcome}"
when = ["request.device == '{device}'", "not request.edited"]
because = "{id_} is wanted"
{more}
[[example]]
name = "{id_}"
expect = "{id_}"
given.request.device = "{device}"
"""


def table(*rows: str) -> Table:
    """`rows` and a closing row. Only the first may be for a device that another is for too."""
    closing = row("nothing-fits", "hold", "", 'next_step = "look at it"')
    closing = closing.replace("""["request.device == ''", "not request.edited"]""", "[]")
    return load_table("".join(rows) + closing, "mine.toml", load_guards())


def after(first: str, second: str) -> str:
    """`second`, whose example passes `first` over because it is edited."""
    return first + second.replace(', "not request.edited"', "") + "given.request.edited = true\n"


def careless(option: str) -> Table:
    """A table that chooses `option` for everybody."""
    then = 'then = "mobile.bypass_code"' if option == "mobile.add_phone" else ""
    everybody = row("everybody", option, "security_key", then)
    rows = table(everybody).rows
    return Table("careless.toml", (replace(rows[0], when=()), rows[1]), "0")


def proven(option: str, facts: Facts) -> bool:
    """The table of design §6.0 and §6.3, said once more."""
    proof = facts.proof
    desk_like = proof.desk or proof.approval or proof.second_address
    retire = facts.user.only_dead_phones and facts.policy.retire_dead_phones and facts.policy.retire_is_safe
    phone = facts.usable_smartphone.found and not facts.usable_smartphone.ambiguous
    unasked = not facts.policy.require_proof
    return {
        "mobile.activation_link": phone and (proof.number_on_record or unasked),
        "mobile.bypass_code": desk_like or unasked,
        "key.bypass_code": desk_like or unasked,
        "mobile.add_phone": facts.number.given and (proof.desk or proof.trusted_number or unasked),
        "key.enrollment_link": (desk_like or unasked) if not facts.user.has_device else proof.desk and retire,
    }[option]


def forbidden(facts: Facts) -> bool:
    """The list of design §6.1 and §6.2, said once more."""
    request, opener, user, number = facts.request, facts.requester, facts.user, facts.number
    return any(
        (
            request.closed or request.technician or request.edited or request.unknown_marker,
            request.problem,
            request.approval in {"requested", "rejected"},
            request.age > facts.limits.max_request_age,
            not request.persons_agree,
            not opener.is_person and not opener.on_service_desk,
            not opener.is_person and opener.opened_recently >= facts.limits.per_opener,
            not facts.policy.directory_fresh,
            not user.found and (user.matches > 0 or not facts.policy.create_users),
            user.matches > 1,
            not user.email_agrees,
            user.privileged or user.on_service_desk or user.checks_identity or user.inactive_group,
            user.found and user.status != "active",
            user.status in {"disabled", "bypass", "pending deletion", "locked out"},
            user.working_factor and not facts.proof.desk,
            facts.history.codes_recently >= facts.limits.codes_per_person,
            facts.history.password_reset or facts.history.other_number,
            number.somebody_elses or number.shared or number.landline_in_duo or not number.region_allowed,
            number.kind == "landline",
            number.given and number.kind not in {"mobile", "fixed_or_mobile"},
        )
    )


def check_answer(decision: Decision, facts: Facts) -> None:
    assert decision.outcome in OUTCOMES
    assert decision.row
    assert decision.because
    assert decision.trace
    assert decision.outcome != "hold" or decision.next_step
    assert (decision.outcome == "wait") is (decision.again_in is not None and decision.at_most is not None)
    if decision.outcome in OPTIONS:
        assert not forbidden(facts)
        assert proven(decision.outcome, facts)
        assert (
            decision.outcome != "mobile.add_phone"
            or decision.then != "mobile.bypass_code"
            or proven(decision.then, facts)
        )
        assert decision.proof
    else:
        assert decision.proof == ""


@settings(max_examples=100, deadline=None)
@given(anything() | nearly_ordinary())
def test_there_is_always_an_answer_and_always_the_same_one(facts: Facts) -> None:
    decision = decide(facts, load_guards(), load_enrollment())
    check_answer(decision, facts)
    assert decide(facts, load_guards(), load_enrollment()) == decision


@settings(max_examples=100, deadline=None)
@given(anything() | nearly_ordinary(), st.sampled_from(OPTIONS))
def test_no_table_can_choose_an_option_without_its_proof(facts: Facts, option: str) -> None:
    decision = decide(facts, load_guards(), careless(option))
    check_answer(decision, facts)
    then = "mobile.bypass_code"
    allowed = proven(option, facts) and (option != "mobile.add_phone" or proven(then, facts))
    assert (decision.outcome == option) is (allowed and not forbidden(facts))


@settings(max_examples=100, deadline=None)
@given(nearly_ordinary())
def test_what_was_decided_passes_the_second_look_and_nothing_else_does(facts: Facts) -> None:
    decision = decide(facts, load_guards(), load_enrollment())
    if decision.outcome in OPTIONS:
        assert recheck(facts, load_guards(), decision.outcome, decision.then) is None
    for option in OPTIONS:
        stopped = recheck(facts, load_guards(), option)
        assert (stopped is None) is (proven(option, facts) and not forbidden(facts))


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


def test_a_phone_followed_by_its_link_needs_one_proof() -> None:
    adds = table(row("add", "mobile.add_phone", more='then = "mobile.activation_link"'))
    decision = decide(replace(TYPED, proof=Proof(trusted_number=True)), load_guards(), adds)
    assert (decision.outcome, decision.proof) == ("mobile.add_phone", "trusted-number")


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


@settings(max_examples=30, deadline=None)
@given(nearly_ordinary())
def test_a_decision_can_be_kept_as_json(facts: Facts) -> None:
    decision = decide(facts, load_guards(), load_enrollment())
    adapter = TypeAdapter(Decision)
    assert adapter.validate_json(adapter.dump_json(decision)) == decision
    assert asdict(decision)["row"] == decision.row


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
