"""Each guard, each proof: present and absent, by facts that differ from an ordinary person's in one place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.decide import decide, recheck
from rules.facts import OPTIONS, Facts, Proof
from rules.table import load_enrollment, load_guards
from tests.rules.builders import EVERY_PROOF, NO_PROOF, ORDINARY, changed, dead_phone

PROVEN = replace(ORDINARY, proof=EVERY_PROOF)
READY = changed(PROVEN, usable_smartphone={"found": True, "id": "DPDEAD"}, user={"phones": (dead_phone(),)})

DIFFERING: list[tuple[str, str, Mapping[str, Mapping[str, Any]]]] = [
    ("closed", "refuse", {"request": {"closed": True}}),
    ("technician-has-it", "refuse", {"request": {"technician": True}}),
    ("approval-rejected", "refuse", {"request": {"approval": "rejected"}}),
    ("unknown-marker", "hold", {"request": {"unknown_marker": True}}),
    ("edited", "hold", {"request": {"edited": True}}),
    ("unusable-answer", "hold", {"request": {"problem": "the phone number is too long"}}),
    ("too-old", "hold", {"request": {"age": timedelta(days=14, seconds=1)}}),
    ("persons-differ", "hold", {"request": {"persons_agree": False}}),
    ("opened-by-another", "hold", {"requester": {"is_person": False}}),
    ("opener-limit", "hold", {"requester": {"is_person": False, "on_service_desk": True, "opened_recently": 20}}),
    ("approval-requested", "wait", {"request": {"approval": "requested"}}),
    ("directory-stale", "wait", {"policy": {"directory_fresh": False}}),
    ("several-in-duo", "hold", {"user": {"matches": 2}}),
    ("several-in-duo", "hold", {"user": {"found": False}, "policy": {"create_users": True}}),
    ("not-in-duo", "hold", {"user": {"found": False, "matches": 0, "status": ""}}),
    ("email-differs", "hold", {"user": {"email_agrees": False}}),
    ("privileged", "hold", {"user": {"privileged": True}}),
    ("service-desk-member", "hold", {"user": {"on_service_desk": True}}),
    ("identity-checker", "hold", {"user": {"checks_identity": True}}),
    ("inactive-group", "hold", {"user": {"inactive_group": "Former staff"}}),
    ("pending-deletion", "hold", {"user": {"status": "pending deletion"}}),
    ("disabled", "hold", {"user": {"status": "disabled"}}),
    ("bypass", "hold", {"user": {"status": "bypass"}}),
    ("locked-out", "wait", {"user": {"status": "locked out"}}),
    ("status-unknown", "hold", {"user": {"status": "other"}}),
    ("status-unknown", "hold", {"user": {"status": ""}}),
    ("working-factor", "hold", {"user": {"working_factor": True}, "proof": {"desk": False}}),
    ("code-limit", "hold", {"history": {"codes_recently": 3}}),
    ("recent-password-reset", "hold", {"history": {"password_reset": True}}),
    ("second-number", "hold", {"history": {"other_number": True}}),
    ("number-of-another", "hold", {"number": {"given": True, "kind": "mobile", "somebody_elses": True}}),
    ("number-shared", "hold", {"number": {"given": True, "kind": "mobile", "shared": True}}),
    ("number-is-landline", "hold", {"number": {"given": True, "kind": "mobile", "landline_in_duo": True}}),
    ("number-is-landline", "hold", {"number": {"given": True, "kind": "landline"}}),
    ("number-not-mobile", "hold", {"number": {"given": True, "kind": "other"}}),
    ("number-not-mobile", "hold", {"number": {"given": True, "kind": ""}}),
    ("number-abroad", "hold", {"number": {"given": True, "kind": "mobile", "region_allowed": False}}),
]


@pytest.mark.parametrize("device", ["duo_mobile", "security_key"])
@pytest.mark.parametrize(("row", "outcome", "differing"), DIFFERING)
def test_one_thing_wrong_stops_even_a_request_with_every_proof(
    row: str, outcome: str, differing: Mapping[str, Mapping[str, Any]], device: str
) -> None:
    facts = changed(changed(READY, request={"device": device}), **differing)
    decision = decide(facts, load_guards(), load_enrollment())
    assert (decision.row, decision.outcome) == (row, outcome)
    assert decision.because
    assert bool(decision.next_step) is (outcome != "refuse")


@pytest.mark.parametrize(("row", "outcome", "differing"), DIFFERING)
def test_the_same_thing_stops_it_again_half_way(
    row: str, outcome: str, differing: Mapping[str, Mapping[str, Any]]
) -> None:
    stopped = recheck(changed(READY, **differing), load_guards(), "mobile.bypass_code")
    assert stopped is not None
    assert (stopped.row, stopped.outcome) == (row, outcome)


def test_every_guard_is_among_them_and_asked_in_this_order() -> None:
    assert [row.id for row in load_guards().rows] == list(dict.fromkeys(row for row, _, _ in DIFFERING))


def test_proofs_are_asked_in_this_order_the_absence_of_any_last() -> None:
    expected = ["number-on-record", "desk", "approval", "second-address", "trusted-number", "not-required"]
    assert [proof.id for proof in load_guards().proofs] == expected


def test_an_ordinary_request_with_proof_passes_all_guards() -> None:
    assert decide(READY, load_guards(), load_enrollment()).outcome in OPTIONS
    assert recheck(READY, load_guards(), "mobile.bypass_code") is None


@pytest.mark.parametrize(
    "differing",
    [
        {"request": {"approval": "approved"}},
        {"request": {"age": timedelta(days=14)}},
        {"requester": {"is_person": False, "on_service_desk": True, "opened_recently": 19}},
        {"requester": {"is_person": True, "opened_recently": 20}},
        {"requester": {"is_person": True, "on_service_desk": True}},
        {"user": {"found": False, "matches": 0, "status": ""}, "policy": {"create_users": True}},
        {"user": {"working_factor": True}},
        {"history": {"codes_recently": 2}},
        {"history": {"codes_recently": 4}, "limits": {"codes_per_person": 5}},
        {"number": {"given": True, "kind": "fixed_or_mobile"}},
        {"number": {"given": True, "kind": "mobile", "on_record": True}},
        {"number": {"kind": ""}},
    ],
)
def test_what_is_right_stops_nothing(differing: Mapping[str, Mapping[str, Any]]) -> None:
    assert recheck(changed(READY, **differing), load_guards(), "mobile.bypass_code") is None


@pytest.mark.parametrize("released_by", [{"approval": True}, {"second_address": True}, {"number_on_record": True}, {}])
def test_only_the_desk_releases_somebody_whose_factor_works(released_by: Mapping[str, bool]) -> None:
    facts = replace(changed(READY, user={"working_factor": True}), proof=Proof(**released_by))
    for require_proof in (True, False):
        asked = changed(facts, policy={"require_proof": require_proof})
        assert decide(asked, load_guards(), load_enrollment()).row == "working-factor"


def test_waits_say_how_long() -> None:
    locked = decide(changed(READY, user={"status": "locked out"}), load_guards(), load_enrollment())
    assert (locked.again_in, locked.at_most) == (timedelta(minutes=15), timedelta(hours=2))
    unapproved = decide(changed(READY, request={"approval": "requested"}), load_guards(), load_enrollment())
    assert (unapproved.again_in, unapproved.at_most) == (timedelta(minutes=30), timedelta(days=7))


def test_what_differs_from_person_to_person_stands_in_the_reason() -> None:
    unusable = decide(
        changed(READY, request={"problem": "the phone number is too long"}), load_guards(), load_enrollment()
    )
    assert unusable.because == "an answer on the form can't be used: the phone number is too long"
    grouped = decide(changed(READY, user={"inactive_group": "Former staff"}), load_guards(), load_enrollment())
    assert "Groups → Former staff" in grouped.next_step


@pytest.mark.parametrize("row", ["too-old", "recent-password-reset", "second-number"])
def test_the_three_optional_guards_can_be_switched_off(row: str) -> None:
    differing = next(differing for id_, _, differing in DIFFERING if id_ == row)
    off = replace(load_guards(), off=frozenset({row}))
    assert recheck(changed(READY, **differing), off, "mobile.bypass_code") is None
    assert {one.id for one in load_guards().rows if one.optional} == {
        "too-old",
        "recent-password-reset",
        "second-number",
    }


# What counts for what, and nothing else (the table of design §6.0).
COUNTS = {
    "mobile.activation_link": {"number_on_record"},
    "mobile.bypass_code": {"desk", "approval", "second_address"},
    "key.bypass_code": {"desk", "approval", "second_address"},
    "key.enrollment_link": {"desk", "approval", "second_address"},
    "mobile.add_phone": {"desk", "trusted_number"},
}
PROOFS = ("number_on_record", "desk", "approval", "second_address", "trusted_number")
NO_DEVICE = changed(ORDINARY, usable_smartphone={"found": True}, number={"given": True, "kind": "mobile"})


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("proof", PROOFS)
def test_one_proof_counts_for_the_options_that_it_is_proof_of(option: str, proof: str) -> None:
    stopped = recheck(replace(NO_DEVICE, proof=Proof(**{proof: True})), load_guards(), option)
    assert (stopped is None) is (proof in COUNTS[option])


@pytest.mark.parametrize("option", OPTIONS)
def test_without_the_proofs_that_count_all_others_together_are_none(option: str) -> None:
    others = {proof: proof not in COUNTS[option] for proof in PROOFS}
    stopped = recheck(replace(NO_DEVICE, proof=Proof(**others)), load_guards(), option)
    assert stopped is not None
    assert (stopped.row, stopped.outcome) == ("identity-check", "hold")
    assert "#verified METHOD" in stopped.next_step


@pytest.mark.parametrize("option", OPTIONS)
def test_no_proof_is_asked_where_the_configuration_requires_none(option: str) -> None:
    facts = changed(replace(NO_DEVICE, proof=NO_PROOF), policy={"require_proof": False})
    assert recheck(facts, load_guards(), option) is None


@pytest.mark.parametrize("require_proof", [True, False])
@pytest.mark.parametrize("phone", [{"found": False}, {"found": True, "ambiguous": True}])
def test_no_link_is_texted_where_it_is_not_clear_to_which_phone(phone: Mapping[str, bool], require_proof: bool) -> None:
    facts = changed(PROVEN, usable_smartphone=phone, policy={"require_proof": require_proof})
    assert recheck(facts, load_guards(), "mobile.activation_link") is not None


@pytest.mark.parametrize("require_proof", [True, False])
def test_no_phone_is_added_where_the_form_names_none(require_proof: bool) -> None:
    facts = changed(PROVEN, policy={"require_proof": require_proof})
    assert recheck(facts, load_guards(), "mobile.add_phone", "mobile.activation_link") is not None
    typed = changed(facts, number={"given": True, "kind": "mobile"})
    assert recheck(typed, load_guards(), "mobile.add_phone", "mobile.activation_link") is None
    by_number = replace(facts, proof=Proof(trusted_number=True))
    assert (recheck(by_number, load_guards(), "mobile.add_phone", "mobile.activation_link") is None) is False


RETIRING = changed(
    replace(ORDINARY, proof=Proof(desk=True)),
    user={"has_device": True, "only_dead_phones": True},
    policy={"retire_dead_phones": True, "retire_is_safe": True},
)


def test_dead_phones_are_retired_for_a_link_with_everything_in_place() -> None:
    assert recheck(RETIRING, load_guards(), "key.enrollment_link") is None


@pytest.mark.parametrize("require_proof", [True, False])
@pytest.mark.parametrize(
    "differing",
    [
        {"user": {"only_dead_phones": False}},
        {"policy": {"retire_dead_phones": False}},
        {"policy": {"retire_is_safe": False}},
        {"proof": {"desk": False, "approval": True, "second_address": True}},
    ],
)
def test_dead_phones_are_not_retired_with_one_thing_missing(
    differing: Mapping[str, Mapping[str, bool]], require_proof: bool
) -> None:
    facts = changed(changed(RETIRING, policy={"require_proof": require_proof}), **differing)
    assert recheck(facts, load_guards(), "key.enrollment_link") is not None


def test_devices_do_not_stand_in_the_way_of_a_code() -> None:
    for proof in (Proof(desk=True), Proof(approval=True), Proof(second_address=True)):
        facts = replace(changed(ORDINARY, user={"has_device": True}), proof=proof)
        for option in ("mobile.bypass_code", "key.bypass_code"):
            assert recheck(facts, load_guards(), option) is None
    unasked = changed(ORDINARY, user={"has_device": True}, policy={"require_proof": False})
    assert recheck(unasked, load_guards(), "mobile.bypass_code") is None


def test_the_code_after_a_phone_needs_its_own_proof() -> None:
    trusted = replace(NO_DEVICE, proof=Proof(trusted_number=True))
    assert recheck(trusted, load_guards(), "mobile.add_phone", "mobile.activation_link") is None
    assert recheck(trusted, load_guards(), "mobile.add_phone", "mobile.bypass_code") is not None
    both = replace(NO_DEVICE, proof=Proof(trusted_number=True, approval=True))
    assert recheck(both, load_guards(), "mobile.add_phone", "mobile.bypass_code") is None
    desk = replace(NO_DEVICE, proof=Proof(desk=True))
    assert recheck(desk, load_guards(), "mobile.add_phone", "mobile.bypass_code") is None


def test_nothing_known_at_all_stops_everything() -> None:
    for option in OPTIONS:
        assert recheck(Facts(), load_guards(), option) is not None


def test_what_a_proof_row_is_missing_is_said_in_words_and_how_to_bring_it() -> None:
    for proof in load_guards().proofs[:-1]:
        assert proof.missing
        assert proof.next_step.text
    assert load_guards().proofs[-1].id == "not-required"
    assert load_guards().proofs[-1].missing == ""
