"""What comes of the requests people make, and of those an attacker makes, by the shipped tables."""

from dataclasses import replace

import pytest

from rules.decide import decide
from rules.decision import Decision
from rules.facts import Facts, Proof
from rules.table import load_enrollment, load_guards
from tests.rules.builders import EVERY_PROOF, ORDINARY, changed, dead_phone

DESK, APPROVAL, SECOND = Proof(desk=True), Proof(approval=True), Proof(second_address=True)
ON_RECORD, TRUSTED = Proof(number_on_record=True), Proof(trusted_number=True)

WITH_PHONE = changed(
    ORDINARY,
    user={"phones": (dead_phone(),), "has_device": True, "only_dead_phones": True},
    usable_smartphone={"found": True, "id": "DPDEAD", "platform_known": True},
)
TYPED = {"given": True, "kind": "mobile"}
KEY = changed(ORDINARY, request={"device": "security_key"})
KEY_LINK = changed(KEY, request={"preferred": "enrollment_link"})


def decided(facts: Facts, proof: Proof, preferred: str | None = None) -> Decision:
    facts = replace(facts, proof=proof)
    if preferred is not None:
        facts = changed(facts, request={"preferred": preferred})
    return decide(facts, load_guards(), load_enrollment())


def test_a_phone_on_record_gets_its_link_and_needs_nobody() -> None:
    decision = decided(WITH_PHONE, ON_RECORD)
    assert (decision.outcome, decision.proof) == ("mobile.activation_link", "number-on-record")


def test_a_code_is_given_instead_where_it_is_asked_for_and_proven() -> None:
    decision = decided(WITH_PHONE, replace(ON_RECORD, approval=True), "bypass_code")
    assert (decision.outcome, decision.proof) == ("mobile.bypass_code", "approval")


def test_a_code_that_is_asked_for_without_proof_becomes_the_link() -> None:
    assert decided(WITH_PHONE, ON_RECORD, "bypass_code").row == "resend-activation"


def test_a_phone_on_record_that_is_no_proof_leads_to_a_code_where_that_is_proven() -> None:
    decision = decided(WITH_PHONE, SECOND, "activation_link")
    assert (decision.outcome, decision.proof) == ("mobile.bypass_code", "second-address")


def test_a_typed_number_is_put_on_record_where_it_is_proven_and_then_gets_its_link() -> None:
    decision = decided(changed(ORDINARY, number=TYPED), TRUSTED)
    assert (decision.outcome, decision.then) == ("mobile.add_phone", "mobile.activation_link")
    assert decision.proof == "trusted-number"


def test_a_typed_number_of_somebody_not_in_duo_yet_is_put_on_record_with_them() -> None:
    nobody = changed(ORDINARY, user={"found": False, "matches": 0, "status": ""}, policy={"create_users": True})
    assert decided(changed(nobody, number=TYPED), DESK).outcome == "mobile.add_phone"


def test_a_code_is_given_instead_of_adding_the_phone_where_it_is_asked_for_and_proven() -> None:
    assert decided(changed(ORDINARY, number=TYPED), DESK, "bypass_code").outcome == "mobile.bypass_code"
    assert decided(changed(ORDINARY, number=TYPED), TRUSTED, "bypass_code").outcome == "mobile.add_phone"


def test_no_phone_is_added_where_one_is_on_record_already() -> None:
    assert decided(changed(WITH_PHONE, number=TYPED), replace(DESK, trusted_number=True)).row == "mobile-code"


def test_a_new_number_is_never_served_by_a_text_to_the_old_one() -> None:
    assert decided(changed(WITH_PHONE, number=TYPED), ON_RECORD).row == "identity-check"
    assert decided(changed(WITH_PHONE, number={**TYPED, "on_record": True}), ON_RECORD).row == "resend-activation"


def test_an_app_that_works_is_never_activated_again() -> None:
    working = changed(WITH_PHONE, user={"working_factor": True}, usable_smartphone={"activated": True})
    assert decided(working, EVERY_PROOF, "activation_link").outcome == "mobile.bypass_code"


def test_an_app_that_was_activated_once_and_no_longer_works_is() -> None:
    assert decided(changed(WITH_PHONE, usable_smartphone={"activated": True}), ON_RECORD).row == "resend-activation"


@pytest.mark.parametrize("preferred", ["", "activation_link"])
def test_two_smartphones_lead_to_a_code_or_to_a_person(preferred: str) -> None:
    two = changed(WITH_PHONE, usable_smartphone={"found": False, "ambiguous": True})
    assert decided(two, APPROVAL, preferred).outcome == "mobile.bypass_code"
    assert decided(two, ON_RECORD, preferred).row == "identity-check"


def test_a_key_gets_a_code_with_proof() -> None:
    assert (decided(KEY, DESK).outcome, decided(KEY, DESK).row) == ("key.bypass_code", "key-code")


@pytest.mark.parametrize("preferred", ["", "bypass_code", "activation_link"])
def test_a_key_gets_a_code_unless_a_link_is_asked_for(preferred: str) -> None:
    assert decided(KEY, DESK, preferred).outcome == "key.bypass_code"


def test_a_key_gets_its_link_where_it_is_asked_for_and_no_device_is_in_the_way() -> None:
    assert decided(KEY_LINK, SECOND).outcome == "key.enrollment_link"


def test_a_key_gets_its_link_after_dead_phones_are_retired() -> None:
    dead = changed(KEY_LINK, user={"has_device": True, "only_dead_phones": True})
    allowed = changed(dead, policy={"retire_dead_phones": True, "retire_is_safe": True})
    assert decided(allowed, DESK).row == "key-link-after-retiring"
    assert decided(allowed, DESK, "").row == "key-code"
    assert decided(allowed, APPROVAL).row == "key-code-for-link"
    assert decided(allowed, APPROVAL).outcome == "key.bypass_code"
    assert decided(changed(allowed, policy={"retire_is_safe": False}), DESK).row == "key-code-for-link"
    assert decided(changed(allowed, policy={"retire_dead_phones": False}), DESK).row == "key-code-for-link"
    assert decided(changed(allowed, user={"only_dead_phones": False}), DESK).row == "key-code-for-link"


def test_no_link_is_mailed_to_an_address_that_duo_does_not_have() -> None:
    unknown = changed(KEY_LINK, user={"email_known": False})
    assert decided(unknown, SECOND).row == "key-code-for-link"
    dead = changed(unknown, user={"has_device": True, "only_dead_phones": True})
    allowed = changed(dead, policy={"retire_dead_phones": True, "retire_is_safe": True})
    assert decided(allowed, replace(SECOND, desk=True)).row == "key-code-for-link"


@pytest.mark.parametrize("device", ["duo_mobile", "security_key"])
@pytest.mark.parametrize("preferred", ["", "bypass_code", "enrollment_link"])
def test_a_code_that_no_address_could_get_is_a_persons_work(device: str, preferred: str) -> None:
    facts = changed(ORDINARY, request={"device": device}, user={"email_known": False})
    decision = decided(facts, DESK, preferred)
    assert (decision.outcome, decision.row) == ("hold", "no-address")
    assert decided(facts, replace(DESK, second_address=True), preferred).outcome.endswith(".bypass_code")


@pytest.mark.parametrize("preferred", ["", "bypass_code", "activation_link", "enrollment_link"])
def test_a_request_that_does_not_say_what_is_wanted_is_held(preferred: str) -> None:
    retired = {"retire_dead_phones": True, "retire_is_safe": True}
    for person in (WITH_PHONE, ORDINARY, changed(ORDINARY, number=TYPED), changed(WITH_PHONE, policy=retired)):
        decision = decided(changed(person, request={"device": ""}), EVERY_PROOF, preferred)
        assert (decision.outcome, decision.row) == ("hold", "no-device-answer")


@pytest.mark.parametrize("device", ["duo_mobile", "security_key"])
@pytest.mark.parametrize("preferred", ["", "bypass_code", "activation_link", "enrollment_link"])
@pytest.mark.parametrize("number", [{}, TYPED])
def test_a_stolen_password_gets_nothing_whatever_is_chosen_on_the_form(
    device: str, preferred: str, number: dict[str, object]
) -> None:
    for person in (ORDINARY, changed(WITH_PHONE, user={"has_logged_in": False})):
        facts = changed(person, request={"device": device}, number=number)
        decision = decided(facts, Proof(), preferred)
        assert (decision.outcome, decision.row) == ("hold", "identity-check")


@pytest.mark.parametrize("preferred", ["", "bypass_code", "activation_link", "enrollment_link"])
def test_the_most_a_stolen_password_gets_is_a_text_to_the_persons_own_phone(preferred: str) -> None:
    for device in ("duo_mobile", "security_key"):
        outcome = decided(changed(WITH_PHONE, request={"device": device}), ON_RECORD, preferred).outcome
        assert outcome == ("mobile.activation_link" if device == "duo_mobile" else "hold")


def test_the_reason_of_a_hold_is_that_of_the_request() -> None:
    assert decided(ORDINARY, Proof()).because.startswith("Duo Mobile is wanted and no phone on record can be sent")
    two = changed(WITH_PHONE, usable_smartphone={"ambiguous": True})
    assert decided(two, Proof()).because.startswith("Duo Mobile is wanted and no phone on record can be sent")
    dead = changed(KEY_LINK, user={"has_device": True, "only_dead_phones": True})
    for allowed in ({"retire_dead_phones": True}, {"retire_is_safe": True}, {}):
        decision = decided(changed(dead, policy=allowed), Proof())
        assert decision.because.startswith("a security key is wanted by an enrolment link, which Duo mails only to")
    assert decided(KEY, Proof()).because.startswith("a security key is wanted; missing is")


def test_without_required_proof_the_flow_is_the_knowledge_bases_and_says_so() -> None:
    unasked = {"policy": {"require_proof": False}}
    link = decided(changed(WITH_PHONE, **unasked), Proof())
    assert (link.outcome, link.proof) == ("mobile.activation_link", "not-required")
    code = decided(changed(WITH_PHONE, **unasked), Proof(), "bypass_code")
    assert (code.outcome, code.proof) == ("mobile.bypass_code", "not-required")
    added = decided(changed(ORDINARY, number=TYPED, **unasked), Proof())
    assert (added.outcome, added.proof) == ("mobile.add_phone", "not-required")
    assert decided(changed(KEY, **unasked), Proof()).outcome == "key.bypass_code"
    assert decided(changed(KEY_LINK, **unasked), Proof()).outcome == "key.enrollment_link"
    assert decided(changed(WITH_PHONE, **unasked), ON_RECORD).proof == "number-on-record"
