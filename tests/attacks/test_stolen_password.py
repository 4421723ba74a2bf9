"""Somebody has a person's help-site password: the form, the profile, the comments and the mailbox are theirs.

What they must never get by it is a factor, a code or a text on a phone of their own.
"""

from datetime import timedelta
from typing import Final

import pytest

from connectors.sandbox.people import KINDS, Person
from connectors.sandbox.servicenow.acts.filing import Filed
from tests.attacks.district import (
    ATTACKERS_ADDRESS,
    ATTACKERS_NUMBER,
    MINUTE,
    NOTHING,
    SMS_METHOD,
    District,
    Given,
)
from tests.rig import DUO_MOBILE, SECURITY_KEY

PREFERENCES: Final = ("", "bypass_code", "activation_link", "enrollment_link")
TEMPTING: Final = f"#verified {SMS_METHOD}"


@pytest.mark.parametrize("preferred", PREFERENCES)
@pytest.mark.parametrize("kind", ["never_activated", "platform_unknown", "no_phone", "two_aliases"])
def test_an_own_number_typed_is_neither_texted_nor_put_on_the_record(town: District, kind: str, preferred: str) -> None:
    filed = town.file(town.person(kind), number=ATTACKERS_NUMBER, preferred=preferred)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING
    assert town.sandbox.duo.phone(ATTACKERS_NUMBER) is None


@pytest.mark.parametrize("device", [DUO_MOBILE, SECURITY_KEY])
@pytest.mark.parametrize("preferred", PREFERENCES)
def test_no_preference_steers_to_an_option_without_its_proof(town: District, device: str, preferred: str) -> None:
    persons = [town.person(kind) for kind in KINDS if kind not in ("personal_address", "phone_sharer", "shared_phone")]
    filed = [town.file(person, device=device, preferred=preferred) for person in persons]
    town.once()
    served = [person.number for person, each in zip(persons, filed, strict=True) if town.outcome(each)[0] == "awaiting"]
    given = town.given()
    assert sorted(given.texts) == sorted(served), "a text goes to nobody but to the number on the person's own record"
    assert (given.codes, given.links, given.enrollment_mails) == (0, (), ())
    if device == SECURITY_KEY:
        assert served == []


def test_a_second_request_does_not_launder_the_number_of_the_first_onto_the_record(town: District) -> None:
    person = town.person("no_phone")
    first = town.file(person, number=ATTACKERS_NUMBER)
    town.once()
    second = town.file(person, preferred="activation_link")
    third = town.file(person, number=ATTACKERS_NUMBER, preferred="activation_link")
    for _ in range(3):
        town.once()
    assert {town.outcome(filed)[0] for filed in (first, second, third)} == {"held"}
    assert town.given() == NOTHING


def test_another_number_within_the_week_is_looked_at_by_a_person(town: District) -> None:
    person = town.person("no_phone")
    town.file(person, number=ATTACKERS_NUMBER)
    town.once()
    filed = town.file(person, number="+16025550667")
    town.verify(filed)
    town.once()
    assert town.outcome(filed) == ("held", "second-number")
    assert town.given() == NOTHING


def added_phone(town: District, person: Person) -> Filed:
    """A phone of the person's own, which the staff office has too: the worker puts it on the record and texts it."""
    town.sandbox.servicenow.set_user(person.user_name, u_hr_phone=person.number)
    filed = town.file(person, number=person.number)
    town.once()
    assert town.outcome(filed)[0] == "awaiting"
    assert town.given().texts == (person.number,)
    return filed


def test_a_phone_that_the_worker_added_proves_nothing_before_it_is_activated(town: District) -> None:
    person = town.person("no_phone", duo_logged_in=True)
    added_phone(town, person)
    second = town.file(person, preferred="activation_link")
    town.once()
    assert town.outcome(second) == ("held", "identity-check")
    assert town.given().texts == (person.number,), "the first one's"


def test_a_phone_that_was_never_activated_is_off_the_record_when_its_request_ends(town: District) -> None:
    person = town.person("no_phone")
    first = added_phone(town, person)
    town.sandbox.servicenow.close(first.task.number, person.user_name)
    town.once()
    second = town.file(person, preferred="activation_link")
    town.once()
    assert town.outcome(second) == ("held", "identity-check")
    given = town.given()
    assert (given.texts, given.changed) == ((person.number,), ())


@pytest.mark.parametrize("preferred", PREFERENCES)
@pytest.mark.parametrize(("kind", "device"), [("working_app", DUO_MOBILE), ("security_key", SECURITY_KEY)])
def test_no_second_factor_beside_one_that_works(town: District, kind: str, device: str, preferred: str) -> None:
    person = town.person(kind)
    filed = town.file(person, device=device, number=person.number, preferred=preferred, approval="requested")
    town.sandbox.servicenow.approve(filed.item.number, "approver.ada")
    town.once()
    assert town.outcome(filed) == ("held", "working-factor")
    assert town.given() == NOTHING


@pytest.mark.parametrize("duo_has_an_address", [True, False])
@pytest.mark.parametrize("device", [DUO_MOBILE, SECURITY_KEY])
def test_a_profile_address_edited_first_gets_no_link(town: District, device: str, *, duo_has_an_address: bool) -> None:
    person = town.person("no_phone")
    if not duo_has_an_address:
        town.sandbox.duo.set_email(person.user_name, "")
        town.count_anew()
    town.sandbox.servicenow.set_user(person.user_name, email=ATTACKERS_ADDRESS)
    filed = town.file(person, device=device, preferred="bypass_code")
    town.verify(filed)
    town.once()
    assert town.outcome(filed) == ("held", "email-differs" if duo_has_an_address else "no-address")
    assert town.given() == NOTHING
    assert town.sandbox.mail.for_address(ATTACKERS_ADDRESS) == ()


def test_a_profile_number_edited_first_is_not_one_that_the_staff_office_has(town: District) -> None:
    person = town.person("no_phone")
    town.sandbox.servicenow.set_user(person.user_name, mobile_phone=ATTACKERS_NUMBER, phone=ATTACKERS_NUMBER)
    filed = town.file(person, number=ATTACKERS_NUMBER)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_verified_typed_by_the_attacker_is_nothing_wherever_it_is_typed(town: District) -> None:
    person, accomplice = town.person("no_phone"), town.person("never_activated")
    filed = town.file(person, preferred="bypass_code")
    town.once()
    town.stage.clock.pass_(MINUTE)
    servicenow = town.sandbox.servicenow
    for author in (person.user_name, accomplice.user_name, "technician.tom", "desk.dana", "approver.ada"):
        for record in (filed.task.number, filed.item.number):
            servicenow.work_note(record, author, TEMPTING)
            servicenow.comment(record, author, TEMPTING)
    servicenow.comment(filed.task.number, "identity.ines", TEMPTING)
    servicenow.comment(filed.task.number, person.user_name, f"identity.ines (Work notes)\n{TEMPTING}")
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


@pytest.mark.parametrize("text", ["#verified", "#verified by phone", "#verified photo", "verified photo-id-in-person"])
def test_a_check_by_no_configured_method_is_none(town: District, text: str) -> None:
    filed = town.file(town.person("no_phone"), preferred="bypass_code")
    town.stage.clock.pass_(MINUTE)
    town.sandbox.servicenow.work_note(filed.task.number, "identity.ines", text)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_an_answer_edited_after_the_check_is_what_nobody_checked(town: District) -> None:
    filed = town.file(town.person("no_phone"), number="+16025550777")
    town.once()
    town.verify(filed)
    town.stage.clock.pass_(timedelta(seconds=5))
    town.sandbox.servicenow.edit_answer(filed.item.number, "mobile_number", ATTACKERS_NUMBER)
    town.once()
    assert town.outcome(filed)[0] == "held"
    assert town.given() == NOTHING


def test_requests_one_after_the_other_bring_no_more_codes_than_one(town: District) -> None:
    person = town.person("personal_address")
    filed = [town.file(person, device=SECURITY_KEY) for _ in range(6)]
    for each in filed:
        town.once()
        town.sandbox.servicenow.close(each.task.number, person.user_name)
    town.once()
    given = town.given()
    assert given.codes <= 3
    assert set(given.links) <= {person.personal_email}
    assert not town.alive()


def test_a_password_that_was_reset_today_renews_no_factor_today(town: District) -> None:
    person = town.person("never_activated")
    town.sandbox.servicenow.file_request(person, {}, item="e1f2a3b4c5d6e7f8091a2b3c4d5e6f70")
    filed = town.file(person)
    town.once()
    assert town.outcome(filed) == ("held", "recent-password-reset")
    assert town.given() == Given()


def test_comments_after_the_delivery_bring_nothing_new(town: District) -> None:
    person = town.person("never_activated")
    filed = town.file(person)
    town.once()
    assert town.given().texts == (person.number,)
    town.sandbox.servicenow.comment(filed.task.number, person.user_name, f"No text came, send it to {ATTACKERS_NUMBER}")
    town.once()
    assert town.given().texts == (person.number,)
