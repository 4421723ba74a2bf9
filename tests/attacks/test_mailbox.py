"""Somebody reads a person's mail: the district mailbox alone opens no code, and no other address gets any."""

import re

import pytest

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.acts.filing import Filed
from tests.attacks.district import ATTACKERS_ADDRESS, MINUTE, NOTHING, District
from tests.rig import SECURITY_KEY

LINK = re.compile(r"https://localhost:\d+/p/\S+")


def delivered(town: District, person: Person) -> Filed:
    """A code for a key, proven by the desk or by the second address."""
    filed = town.file(person, device=SECURITY_KEY)
    if not person.personal_email:
        town.verify(filed)
    town.once()
    assert town.outcome(filed)[0] == "awaiting"
    return filed


def links_to(town: District, address: str) -> list[str]:
    return [found for mail in town.sandbox.mail.for_address(address) for found in LINK.findall(mail.plain)]


def test_the_link_alone_opens_nothing(town: District) -> None:
    person = town.person("no_phone")
    delivered(town, person)
    (link,) = links_to(town, person.email)
    for passphrase in ("", person.user_name, person.number):
        opened = town.sandbox.password_pusher.open(link, passphrase)
        assert opened.payload == ""
        assert opened.problem in ("passphrase wanted", "passphrase incorrect")


def test_no_mail_holds_the_passphrase_or_the_code(town: District) -> None:
    person = town.person("no_phone")
    filed = delivered(town, person)
    passphrase = town.sandbox.servicenow.row(filed.task.number)["u_passphrase"]
    (code,) = town.sandbox.duo.codes(person.user_name)
    assert len(passphrase) == 12
    for mail in town.sandbox.mail.messages:
        for secret in (passphrase, code.digits):
            assert secret not in mail.message.as_string()


def test_a_comment_that_is_mailed_holds_no_passphrase(town: District) -> None:
    filed = delivered(town, town.person("no_phone"))
    passphrase = town.sandbox.servicenow.row(filed.task.number)["u_passphrase"]
    assert passphrase not in town.notes(filed)


def test_with_a_second_address_the_district_mailbox_gets_the_notice_and_no_link(town: District) -> None:
    person = town.person("personal_address")
    delivered(town, person)
    assert links_to(town, person.email) == []
    assert len(links_to(town, person.personal_email)) == 1
    (notice,) = town.sandbox.mail.for_address(person.email)
    assert "Not you?" in notice.plain


def test_an_address_typed_on_the_ticket_gets_nothing(town: District) -> None:
    person = town.person("no_phone")
    filed = town.file(person, device=SECURITY_KEY, watch_list=ATTACKERS_ADDRESS)
    town.sandbox.servicenow.comment(filed.task.number, person.user_name, f"my address is {ATTACKERS_ADDRESS}")
    town.verify(filed)
    town.once()
    assert town.given().links == (person.email,)
    assert town.sandbox.mail.for_address(ATTACKERS_ADDRESS) == ()


@pytest.mark.parametrize("field", ["u_private", "u_alternative_email", "notification"])
def test_a_second_address_in_a_field_that_people_edit_is_no_proof(town: District, field: str) -> None:
    person = town.person("no_phone")
    town.sandbox.servicenow.set_user(person.user_name, **{field: ATTACKERS_ADDRESS})
    filed = town.file(person, device=SECURITY_KEY)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


@pytest.mark.parametrize("address", ["other@example.edu", "other@staff.example.edu", "OTHER@EXAMPLE.EDU"])
def test_a_second_address_that_opens_with_the_same_password_is_no_proof(town: District, address: str) -> None:
    person = town.person("no_phone")
    town.sandbox.servicenow.set_user(person.user_name, u_personal_email=address)
    filed = town.file(person, device=SECURITY_KEY)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_guesses_at_the_passphrase_are_seen_when_somebody_enrols(town: District) -> None:
    person = town.person("no_phone")
    filed = delivered(town, person)
    (link,) = links_to(town, person.email)
    for guess in ("one", "two", "three"):
        town.sandbox.password_pusher.open(link, guess)
    (code,) = town.sandbox.duo.codes(person.user_name)
    assert town.sandbox.duo.use_code(person.user_name, code.digits)
    town.sandbox.duo.register_key(person.user_name)
    for _ in range(11):
        town.once()
    assert town.outcome(filed) == ("held", "guessed-passphrase")
    assert not town.alive()


def test_who_guessed_at_the_passphrase_is_not_given_another_code_for_a_comment(town: District) -> None:
    person = town.person("no_phone")
    filed = delivered(town, person)
    (link,) = links_to(town, person.email)
    for guess in ("one", "two", "three"):
        town.sandbox.password_pusher.open(link, guess)
    town.once(after=9 * 60 * MINUTE)  # past the life of the code
    town.count_anew()
    town.stage.clock.pass_(MINUTE)
    town.sandbox.servicenow.comment(filed.task.number, person.user_name, "It has lapsed, another one please")
    for _ in range(3):
        town.once()
    assert town.outcome(filed) == ("held", "guessed-then-asked")
    assert town.given() == NOTHING
