from typing import Any

import pytest

from connectors.duo.model import WebAuthnCredential
from tests.builders import (
    AGENT,
    DESK,
    DISTRICT_MAIL,
    NUMBER,
    OTHER_NUMBER,
    PERSONAL_MAIL,
    a_person,
    a_phone,
    a_ticket,
    a_user,
    a_working_phone,
    in_groups,
    known,
    the_policy,
)
from tests.duo_of_values import DuoOfValues
from tests.worker.facts.gathering import gathered, with_user


def test_a_person_is_found_by_user_name_or_alias() -> None:
    assert with_user(username="Dana.Reyes").facts.user.found
    renamed = with_user(username="dana.reyes-castillo", aliases=("dana.reyes",))
    assert renamed.facts.user.found
    assert renamed.user is not None
    assert renamed.user.username == "dana.reyes-castillo"


def test_nobody_in_duo_is_not_found() -> None:
    absent = gathered(duo=DuoOfValues())
    assert (absent.facts.user.found, absent.facts.user.matches, absent.user) == (False, 0, None)


def test_two_who_could_be_meant_are_nobody() -> None:
    two = gathered(duo=DuoOfValues([a_user(), a_user(user_id="DUOTHER", username="x", aliases=("dana.reyes",))]))
    assert (two.facts.user.found, two.facts.user.matches, two.user) == (False, 2, None)
    assert two.smartphone_id == ""


def test_an_email_address_alone_finds_nobody_unless_it_may() -> None:
    duo = DuoOfValues([a_user(username="dreyes2")])
    assert not gathered(duo=duo).facts.user.found
    assert gathered(duo=duo, policy=the_policy(match_by_email=True)).facts.user.found


def test_a_name_that_is_found_leaves_the_email_address_unasked() -> None:
    duo = DuoOfValues([a_user(), a_user(user_id="DUOTHER", username="dreyes2")])
    found = gathered(duo=duo, policy=the_policy(match_by_email=True))
    assert found.facts.user.matches == 1
    assert duo.calls.count("GET /admin/v1/users") == 1


def test_two_with_one_email_address_are_nobody() -> None:
    duo = DuoOfValues([a_user(username="dreyes2"), a_user(user_id="DUOTHER", username="dreyes3")])
    assert gathered(duo=duo, policy=the_policy(match_by_email=True)).facts.user.matches == 2


@pytest.mark.parametrize("status", ["active", "bypass", "disabled", "locked out", "pending deletion"])
def test_duos_words_for_a_status_are_kept(status: str) -> None:
    assert with_user(status=status).facts.user.status == status


@pytest.mark.parametrize("status", ["", "quarantined"])
def test_a_status_duo_has_no_word_for_yet_is_none_of_the_known_ones(status: str) -> None:
    assert with_user(status=status).facts.user.status == "other"


def test_addresses_disagree_only_where_both_sides_have_one() -> None:
    assert with_user(email=DISTRICT_MAIL.upper()).facts.user.email_agrees
    assert with_user(email="").facts.user.email_agrees
    assert gathered(a_ticket(person=a_person(email=""))).facts.user.email_agrees
    assert not with_user(email="someone@example.edu").facts.user.email_agrees


def test_an_address_is_known_where_one_is_on_file() -> None:
    assert with_user().facts.user.email_known
    assert not with_user(email="").facts.user.email_known
    assert not gathered(a_ticket(person=a_person(email=""))).facts.user.email_known
    trusted = a_ticket(person=a_person(trusted_addresses=(PERSONAL_MAIL,)))
    assert gathered(trusted, DuoOfValues([a_user(email="")])).facts.user.email_known


def test_a_person_to_be_created_has_the_address_their_account_will_get() -> None:
    creating = the_policy(create_users=True)
    assert gathered(duo=DuoOfValues(), policy=creating).facts.user.email_known
    assert not gathered(duo=DuoOfValues()).facts.user.email_known
    several = [a_user(), a_user(user_id="DUOTHER", username="x", aliases=("dana.reyes",))]
    assert not gathered(duo=DuoOfValues(several), policy=creating).facts.user.email_known


def test_somebody_who_never_logged_in_is_told_apart() -> None:
    assert with_user().facts.user.has_logged_in
    assert not with_user(last_login=None).facts.user.has_logged_in


def test_a_member_of_a_privileged_group_is_privileged() -> None:
    assert with_user(groups=in_groups("Staff", "Duo Admins")).facts.user.privileged
    assert not with_user(groups=in_groups("Staff")).facts.user.privileged


def test_a_group_whose_own_status_is_not_active_is_named() -> None:
    assert with_user(groups=in_groups("Staff", "Leavers")).facts.user.inactive_group == "Leavers"
    assert with_user(groups=in_groups("Staff")).facts.user.inactive_group == ""


def test_a_group_the_directory_does_not_know_is_not_taken_for_active() -> None:
    assert with_user(groups=in_groups("Renamed Admins")).facts.user.inactive_group == "Renamed Admins"


def test_staff_are_known_by_the_help_sites_groups_even_without_a_duo_user() -> None:
    agent = gathered(a_ticket(person=a_person(user_name=AGENT)), DuoOfValues()).facts.user
    member = gathered(a_ticket(person=a_person(user_name=DESK)), DuoOfValues()).facts.user
    assert (agent.on_service_desk, agent.checks_identity) == (True, False)
    assert (member.on_service_desk, member.checks_identity) == (False, True)


def test_a_phone_that_texts_went_to_is_a_device_but_no_working_factor() -> None:
    user = with_user().facts.user
    assert (user.has_device, user.working_factor, user.only_dead_phones) == (True, False, True)


@pytest.mark.parametrize(
    "differs",
    [
        {"phones": (a_working_phone(),)},
        {"phones": (a_phone(), a_working_phone(OTHER_NUMBER, capabilities=("mobile_otp",)))},
        {"webauthn_credentials": (WebAuthnCredential("WAKEY"),)},
        {"token_ids": ("DHTOKEN",)},
    ],
)
def test_an_app_a_key_or_a_token_is_a_working_factor(differs: dict[str, Any]) -> None:
    user = with_user(**differs).facts.user
    assert (user.has_device, user.working_factor, user.only_dead_phones) == (True, True, False)


def test_a_key_alone_is_a_device() -> None:
    user = with_user(phones=(), webauthn_credentials=(WebAuthnCredential("WAKEY"),)).facts.user
    assert (user.has_device, user.working_factor) == (True, True)


def test_an_activated_phone_without_push_does_not_work_but_is_not_dead_either() -> None:
    user = with_user(phones=(a_phone(activated=True),)).facts.user
    assert (user.working_factor, user.only_dead_phones) == (False, False)


def test_a_phone_whose_app_was_removed_is_not_dead() -> None:
    assert not with_user(phones=(a_phone(last_seen="2026-03-04T15:04:05"),)).facts.user.only_dead_phones


def test_somebody_without_devices_has_no_dead_phones() -> None:
    user = with_user(phones=()).facts.user
    assert (user.has_device, user.working_factor, user.only_dead_phones) == (False, False, False)


def test_each_phone_says_what_it_is_good_for() -> None:
    landline = a_phone(OTHER_NUMBER, type="landline")
    sms, home = with_user(phones=(a_phone(), landline)).facts.user.phones
    assert (sms.mobile, sms.landline, sms.platform_known, sms.activated) == (True, False, False, False)
    assert (home.mobile, home.landline) == (False, True)


def test_a_phone_of_unknown_type_is_mobile_by_its_platform() -> None:
    unknown = a_phone(type="unknown")
    iphone = a_phone(OTHER_NUMBER, type="unknown", platform="apple ios")
    user = with_user(phones=(unknown, iphone)).facts.user
    assert [phone.mobile for phone in user.phones] == [False, True]
    assert [phone.platform_known for phone in user.phones] == [False, True]


def test_a_phone_the_worker_made_is_marked() -> None:
    made = known(made_phone_ids=frozenset({a_phone(NUMBER).phone_id}))
    assert [phone.made_by_worker for phone in gathered(knows=made).facts.user.phones] == [True]
