"""Each enrolment option, from the filed request to the ticket that says it was delivered."""

import re
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.duo.records import Text
from connectors.sandbox.people import KINDS
from tests.rig import DUO_MOBILE, SECURITY_KEY, Rig, System, running

PENDING, OPEN = "-5", "1"


def activation_texts(rig: Rig) -> list[Text]:
    return [text for text in rig.sandbox.duo.texts if text.kind == "activation"]


def link_in(text: str) -> str:
    found = re.search(r"https://localhost:\d+/p/\S+", text)
    assert found, text
    return found.group()


def test_a_smartphone_on_record_is_texted_an_activation_link_without_anybodys_help(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.once()
    assert rig.request(filed).state == "awaiting"
    (text,) = activation_texts(rig)
    person = rig.person("never_activated")
    assert text.number == person.number
    assert rig.state(filed) == "pending"
    assert person.number not in "".join(rig.notes(filed, "comments") + rig.notes(filed, "work_notes"))
    assert person.number[-2:] in rig.notes(filed, "comments")[-1]
    assert rig.sandbox.mail.for_address(person.email), "the person is told that access was given"


def test_a_phone_of_unknown_platform_gets_one_before_it_is_texted(rig: Rig) -> None:
    filed = rig.file("platform_unknown", phone_os="iPhone")
    rig.once()
    assert [step.name for step in rig.steps(filed)] == [
        "take", "notice", "set_platform", "activation_text", "tell_delivered",
    ]  # fmt: skip
    phone = rig.sandbox.duo.phone(rig.person("platform_unknown").number)
    assert phone is not None
    assert phone["platform"] == "Apple iOS"


def test_a_verified_person_gets_one_code_in_a_link_and_the_passphrase_on_another_way(rig: Rig) -> None:
    filed = rig.file("never_logged_in", preferred="bypass_code")
    rig.verify(filed)
    rig.once()
    person = rig.person("never_logged_in")
    assert rig.request(filed).outcome == "mobile.bypass_code"
    (code,) = rig.sandbox.duo.codes(person.user_name)
    (mail,) = [mail for mail in rig.sandbox.mail.for_address(person.email) if "/p/" in mail.plain]
    passphrase = rig.passphrase(filed)
    assert rig.sandbox.password_pusher.open(link_in(mail.plain), passphrase).payload == code.digits
    assert code.digits not in str(rig.site.journal(filed.task.number))
    assert passphrase not in mail.plain
    assert rig.system == "teamdynamix" or passphrase not in str(rig.site.journal(filed.task.number))
    assert rig.sandbox.duo.use_code(person.user_name, code.digits)


def test_a_security_key_is_served_by_a_code_to_the_second_address(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY)
    rig.once()
    person = rig.person("personal_address")
    assert (rig.request(filed).outcome, rig.request(filed).proof) == ("key.bypass_code", "second-address")
    assert len(rig.sandbox.duo.codes(person.user_name)) == 1
    assert any("/p/" in mail.plain for mail in rig.sandbox.mail.for_address(person.personal_email))
    assert not any("/p/" in mail.plain for mail in rig.sandbox.mail.for_address(person.email))
    assert rig.sandbox.mail.for_address(person.email), "the other address gets the notice"


@pytest.mark.only("servicenow")  # approvals prove nothing elsewhere
def test_a_person_without_devices_is_mailed_an_enrolment_link_by_duo(rig: Rig) -> None:
    filed = rig.file("no_phone", device=SECURITY_KEY, preferred="enrollment_link", approval="requested")
    rig.site.approve(filed.item.number, "approver.ada")
    rig.once()
    assert rig.request(filed).outcome == "key.enrollment_link"
    (mail,) = rig.sandbox.duo.enrollment_mails
    assert mail.to == rig.person("no_phone").email
    assert "asked" in rig.notes(filed, "comments")[-1]


def test_a_trusted_number_is_added_and_texted(rig: Rig) -> None:
    person = rig.person("no_phone")
    rig.site.set_user(person.user_name, u_hr_phone=person.number)
    filed = rig.file("no_phone", number="own")
    rig.once()
    assert (rig.request(filed).outcome, rig.request(filed).proof) == ("mobile.add_phone", "trusted-number")
    phone = rig.sandbox.duo.phone(person.number)
    assert phone is not None
    owners: Any = phone["users"]
    assert [user["username"] for user in owners] == [person.user_name]
    assert [text.number for text in activation_texts(rig)] == [person.number]


def test_a_person_unknown_to_duo_is_made_a_user_only_where_that_is_allowed(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"duo": {"create_users": True}}, system=system) as rig:
        filed = rig.file("no_duo_user", preferred="bypass_code")
        rig.verify(filed)
        rig.once()
        person = rig.person("no_duo_user")
        assert (rig.request(filed).state, rig.request(filed).outcome) == ("awaiting", "mobile.bypass_code")
        assert len(rig.sandbox.duo.codes(person.user_name)) == 1


def test_dead_phones_are_taken_off_for_an_enrolment_link_only_where_duo_denies_strangers(
    tmp_path: Path, system: System
) -> None:
    policy = {"retire_dead_phones": True, "retire_check_applications": ["DISANDBOXPORTAL00001"]}
    with running(tmp_path, {"policy": policy}, system=system) as rig:
        rig.sandbox.duo.set_policy("DISANDBOXPORTAL00001", new_user="deny")
        filed = rig.file("never_activated", device=SECURITY_KEY, preferred="enrollment_link")
        rig.verify(filed)
        rig.once()
        assert rig.request(filed).outcome == "key.enrollment_link"
        assert "detach_phones" in [step.name for step in rig.steps(filed)]
        assert len(rig.sandbox.duo.enrollment_mails) == 1


@pytest.mark.parametrize("device", [DUO_MOBILE, SECURITY_KEY])
def test_a_second_pass_writes_nothing_anywhere(rig: Rig, device: str) -> None:
    for kind in KINDS:
        rig.file(kind, device=device, number="own")
    rig.once()
    rig.clock.pass_(rig.settings.worker.poll_every)
    written = rig.writes()
    assert written > 0
    rig.once()
    assert rig.writes() == written


def test_duos_own_mail_goes_to_the_second_address_where_that_is_the_proof(rig: Rig) -> None:
    person = rig.person("no_phone")
    rig.site.set_user(person.user_name, u_personal_email="kept.apart@mail.example.net")
    filed = rig.file("no_phone", device=SECURITY_KEY, preferred="enrollment_link")
    rig.once()
    assert (rig.request(filed).outcome, rig.request(filed).proof) == ("key.enrollment_link", "second-address")
    assert [mail.to for mail in rig.sandbox.duo.enrollment_mails] == ["kept.apart@mail.example.net"]
    assert rig.sandbox.mail.for_address(person.email), "the other address gets the notice"
