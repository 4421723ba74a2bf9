"""Each kind of proof, present and absent; what an attacker would try is a test of its own."""

from datetime import datetime, timedelta

import pytest

from rules.facts import Proof
from tests.builders import (
    AGENT,
    COLLEAGUE,
    DESK,
    DISTRICT_MAIL,
    FILED,
    ME,
    NOW,
    NUMBER,
    OTHER_NUMBER,
    PERSONAL_MAIL,
    a_directory,
    a_note,
    a_person,
    a_phone,
    a_ticket,
    a_user,
    known,
    somebody,
)
from tests.duo_of_values import DuoOfValues
from tests.worker.facts.gathering import gathered, with_user
from worker.facts.known import Known
from worker.tickets.ticket import Approver, Note, Ticket

VERIFIED = "#verified photo-id-in-person"
MADE = known(made_phone_ids=frozenset({a_phone().phone_id}))


def with_note(note: Note, **ticket: object) -> Ticket:
    return a_ticket(notes=(note,), **ticket)


def desk(ticket: Ticket, knows: Known | None = None) -> bool:
    return gathered(ticket, knows=knows).facts.proof.desk


def approved(*approvers: Approver, **ticket: object) -> bool:
    return gathered(a_ticket(approval="approved", approvers=approvers, **ticket)).facts.proof.approval


def test_a_request_is_never_its_own_proof() -> None:
    claims = a_ticket(phone_number=OTHER_NUMBER, notes=(a_note(VERIFIED, by="dana.reyes", kind="comment"),))
    found = gathered(claims)
    assert found.facts.proof == Proof()
    assert found.evidence == ()


def test_the_number_texts_went_to_is_proof_for_a_text_to_it() -> None:
    found = with_user()
    assert found.facts.proof == Proof(number_on_record=True)
    assert found.evidence == (
        "the number ending in 42 was on the person's Duo record before the request and is theirs alone",
    )


def test_a_number_somebody_else_has_too_proves_nothing() -> None:
    shared = DuoOfValues([a_user(), a_user(user_id="DUOTHER", username="pat.lopez")])
    assert not gathered(duo=shared).facts.proof.number_on_record


def test_a_number_the_worker_put_there_proves_nothing_until_the_app_is_activated() -> None:
    assert not gathered(knows=MADE).facts.proof.number_on_record
    activated = DuoOfValues([a_user(phones=(a_phone(activated=True),))])
    assert gathered(duo=activated, knows=MADE).facts.proof.number_on_record


def test_a_number_of_somebody_who_never_logged_in_proves_nothing() -> None:
    assert not with_user(last_login=None).facts.proof.number_on_record


def test_a_number_on_an_account_younger_than_the_request_proves_nothing() -> None:
    assert not with_user(created=FILED).facts.proof.number_on_record
    assert with_user(created=FILED - timedelta(seconds=1)).facts.proof.number_on_record
    assert with_user(created=None).facts.proof.number_on_record


def test_a_typed_number_proves_nothing_by_being_typed() -> None:
    assert not gathered(a_ticket(phone_number=OTHER_NUMBER)).facts.proof.number_on_record


def test_a_landline_or_one_of_two_mobiles_proves_nothing() -> None:
    assert not with_user(phones=(a_phone(type="landline"),)).facts.proof.number_on_record
    assert not with_user(phones=(a_phone(), a_phone(OTHER_NUMBER))).facts.proof.number_on_record


def test_a_work_note_of_the_identity_desk_is_proof() -> None:
    found = gathered(with_note(a_note(VERIFIED)))
    assert found.facts.proof.desk
    assert found.evidence[-1] == (
        "the identity desk checked the person by photo-id-in-person (work note of 2026-11-24 14:55 UTC)"
    )


def test_the_line_may_stand_among_others_and_name_any_method_of_the_list() -> None:
    assert desk(with_note(a_note("Came in today.\r\n#Verified Photo-ID-Video, passport\r\nThanks", by="IRA.Desk")))


@pytest.mark.parametrize(
    "text",
    [
        "#verified",
        "#verified by-hunch",
        "#verified photo-id",
        "#verified: photo-id-in-person",
        "please check, then write #verified photo-id-in-person",
        "> #verified photo-id-in-person",
        "#unverified photo-id-in-person",
        "#verified\nphoto-id-in-person",
    ],
)
def test_a_line_that_says_something_else_is_no_proof(text: str) -> None:
    assert not desk(with_note(a_note(text)))


def test_a_comment_is_no_proof_whoever_wrote_it() -> None:
    assert not desk(with_note(a_note(VERIFIED, kind="comment")))


@pytest.mark.parametrize("author", ["pat.lopez", AGENT, "", ME])
def test_a_note_by_anybody_outside_the_identity_groups_is_no_proof(author: str) -> None:
    assert not desk(with_note(a_note(VERIFIED, by=author)))


def test_a_member_cannot_vouch_for_themselves() -> None:
    own = a_person(user_name=DESK)
    assert not desk(with_note(a_note(VERIFIED, by="Ira.Desk"), person=own, opener=own))


def test_a_member_who_opened_it_for_somebody_else_needs_a_colleague() -> None:
    opener = somebody("IRA.desk")
    assert not desk(with_note(a_note(VERIFIED, by=DESK), opener=opener))
    assert desk(with_note(a_note(VERIFIED, by=COLLEAGUE), opener=opener))


def test_the_workers_own_note_is_no_proof_even_if_its_account_is_in_the_group() -> None:
    directory = a_directory(members={"Identity Desk": frozenset({ME})})
    assert not gathered(with_note(a_note(VERIFIED, by="Duo.Worker")), directory=directory).facts.proof.desk


def test_a_note_is_no_proof_where_opener_or_person_is_not_known() -> None:
    assert not desk(with_note(a_note(VERIFIED), opener=somebody("")))
    assert not desk(with_note(a_note(VERIFIED), person=somebody("")))


@pytest.mark.parametrize("at", [FILED, FILED - timedelta(days=1)])
def test_a_note_not_newer_than_the_filing_is_no_proof(at: datetime) -> None:
    assert not desk(with_note(a_note(VERIFIED, at=at)))


@pytest.mark.parametrize(("minutes", "proves"), [(-1, False), (0, False), (1, True)])
def test_a_note_must_be_newer_than_the_last_edit(minutes: int, proves: bool) -> None:
    edited = known(edited_at=NOW - timedelta(minutes=20))
    note = a_note(VERIFIED, at=NOW - timedelta(minutes=20) + timedelta(minutes=minutes))
    assert desk(with_note(note), edited) is proves


def test_an_edit_before_the_filing_changes_nothing() -> None:
    assert not desk(with_note(a_note(VERIFIED, at=FILED)), known(edited_at=FILED - timedelta(hours=1)))


def test_an_approval_by_somebody_else_is_proof() -> None:
    ticket = a_ticket(device="security_key", approval="approved", approvers=(Approver("pat.lopez", approved=True),))
    found = gathered(ticket)
    assert found.facts.proof == Proof(approval=True)
    assert found.evidence == ("approved by somebody who neither opened the request nor is the person",)


def test_an_approval_by_the_person_is_no_proof() -> None:
    assert not approved(Approver("Dana.Reyes", approved=True))


def test_an_approval_by_the_opener_is_no_proof() -> None:
    assert not approved(Approver(AGENT, approved=True), opener=somebody(AGENT))


def test_an_approval_by_the_worker_or_by_nobody_known_is_no_proof() -> None:
    assert not approved(Approver(ME, approved=True), Approver("", approved=True))
    assert not approved(Approver("pat.lopez", approved=True), opener=somebody(""))


def test_one_approval_by_somebody_else_among_others_is_enough() -> None:
    assert approved(Approver("dana.reyes", approved=True), Approver("pat.lopez", approved=True))


def test_who_rejected_or_has_not_decided_proves_nothing() -> None:
    assert not approved(Approver("pat.lopez", approved=False))


@pytest.mark.parametrize("approval", ["none", "requested", "rejected"])
def test_an_approver_alone_is_no_proof_while_the_request_is_not_approved(approval: str) -> None:
    ticket = a_ticket(approval=approval, approvers=(Approver("pat.lopez", approved=True),))
    assert not gathered(ticket).facts.proof.approval


def test_an_address_on_file_outside_the_district_is_proof() -> None:
    ticket = a_ticket(device="security_key", person=a_person(trusted_addresses=(PERSONAL_MAIL,)))
    found = gathered(ticket)
    assert found.facts.proof == Proof(second_address=True)
    assert found.addresses.link_to == PERSONAL_MAIL
    assert found.evidence == ("an address on file doesn't open with the help-site password; a link goes there",)


@pytest.mark.parametrize("address", [DISTRICT_MAIL, "dana@students.example.edu", "dana@EXAMPLE.EDU", "dana@mail"])
def test_an_address_that_opens_with_the_same_password_or_not_at_all_is_no_proof(address: str) -> None:
    ticket = a_ticket(person=a_person(trusted_addresses=(address,)))
    assert not gathered(ticket).facts.proof.second_address


def test_a_profile_address_edited_first_is_no_proof() -> None:
    edited = gathered(a_ticket(person=a_person(email="attacker@mail.example")))
    assert not edited.facts.proof.second_address
    assert not edited.facts.user.email_agrees
    assert "attacker@mail.example" not in (edited.addresses.link_to, *edited.addresses.notice_to)


def test_a_typed_number_from_a_field_they_cannot_edit_is_proof() -> None:
    ticket = a_ticket(phone_number=OTHER_NUMBER, person=a_person(trusted_numbers=(OTHER_NUMBER,)))
    found = gathered(ticket)
    assert found.facts.proof == Proof(trusted_number=True)
    assert found.evidence == ("the number ending in 98 is in a field of the person's record they can't edit",)


def test_a_trusted_number_that_nobody_typed_is_no_proof() -> None:
    assert not gathered(a_ticket(person=a_person(trusted_numbers=(NUMBER,)))).facts.proof.trusted_number


def test_evidence_names_nobody_else_and_no_whole_number_or_address() -> None:
    ticket = a_ticket(
        phone_number=NUMBER,
        approval="approved",
        approvers=(Approver("pat.lopez", approved=True),),
        notes=(a_note(VERIFIED),),
        person=a_person(trusted_numbers=(NUMBER,), trusted_addresses=(PERSONAL_MAIL,)),
    )
    found = gathered(ticket)
    assert found.facts.proof == Proof(
        number_on_record=True, desk=True, approval=True, second_address=True, trusted_number=True
    )
    said = " ".join(found.evidence)
    assert len(found.evidence) == 5
    assert not [word for word in (DESK, "pat.lopez", NUMBER, NUMBER[-4:], PERSONAL_MAIL) if word in said]
