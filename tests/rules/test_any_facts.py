"""What holds of the answer whatever the facts are, generated ones included."""

from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rules.decide import decide, recheck
from rules.decision import Decision
from rules.facts import OPTIONS, Facts
from rules.rows import OUTCOMES, Table
from rules.table import load_enrollment, load_guards
from tests.rules.builders import anything, nearly_ordinary, row, table


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


@settings(max_examples=30, deadline=None)
@given(nearly_ordinary())
def test_a_decision_can_be_kept_as_json(facts: Facts) -> None:
    decision = decide(facts, load_guards(), load_enrollment())
    adapter = TypeAdapter(Decision)
    assert adapter.validate_json(adapter.dump_json(decision)) == decision
    assert asdict(decision)["row"] == decision.row
