from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import DISTRICT_MAIL, PERSONAL_MAIL, a_person, a_user
from worker.addresses import Addresses, addresses, agree, channels, passphrase_place, valid

SECURITY = "security@example.edu"


def of(*trusted: str, copy: str = "", domains: tuple[str, ...] = ("example.edu",), **user: Any) -> Addresses:
    person = a_person(trusted_addresses=trusted)
    return addresses(person, a_user(**user), same_login_domains=domains, notice_copy=copy)


def test_with_only_the_district_address_the_link_goes_there_and_the_copy_elsewhere() -> None:
    alone = of(copy=SECURITY)
    assert alone.on_file == (DISTRICT_MAIL,)
    assert (alone.second, alone.link_to) == ("", DISTRICT_MAIL)
    assert alone.notice_to == (SECURITY,)
    assert alone.notice_without_link == (DISTRICT_MAIL,)


def test_a_second_address_gets_the_link_and_the_district_one_is_told() -> None:
    both = of(PERSONAL_MAIL, copy=SECURITY)
    assert (both.second, both.link_to) == (PERSONAL_MAIL, PERSONAL_MAIL)
    assert both.notice_to == (DISTRICT_MAIL,)
    assert both.notice_without_link == (DISTRICT_MAIL, PERSONAL_MAIL)


def test_of_two_second_addresses_the_first_gets_the_link_and_all_others_are_told() -> None:
    several = of(PERSONAL_MAIL, "d@home.example")
    assert several.link_to == PERSONAL_MAIL
    assert several.notice_to == (DISTRICT_MAIL, "d@home.example")


def test_without_a_copy_nobody_is_told_where_there_is_no_other_address() -> None:
    assert of().notice_to == ()


def test_the_copy_is_no_other_address_where_the_link_goes_there_anyway() -> None:
    assert of(copy=DISTRICT_MAIL.upper()).notice_to == ()


def test_the_copy_is_told_where_nothing_is_on_file() -> None:
    nothing = of(email="", copy=SECURITY)
    assert (nothing.on_file, nothing.link_to) == ((), "")
    assert nothing.notice_without_link == (SECURITY,)


def test_duos_address_is_on_file_only_where_the_ticket_system_has_the_same() -> None:
    assert of(email=DISTRICT_MAIL.upper()).on_file == (DISTRICT_MAIL.upper(),)
    assert of(email="someone@example.edu").on_file == ()
    profile = a_person(email=PERSONAL_MAIL)
    assert addresses(profile, a_user(), same_login_domains=("example.edu",), notice_copy="").on_file == ()
    unknown = a_person(email="")
    assert addresses(unknown, a_user(), same_login_domains=("example.edu",), notice_copy="").on_file == ()


def test_somebody_without_a_duo_user_has_the_trusted_addresses() -> None:
    person = a_person(trusted_addresses=(PERSONAL_MAIL,))
    found = addresses(person, None, same_login_domains=("example.edu",), notice_copy="")
    assert (found.on_file, found.link_to) == ((PERSONAL_MAIL,), PERSONAL_MAIL)


def test_one_address_in_two_spellings_is_one() -> None:
    assert of(DISTRICT_MAIL.title(), PERSONAL_MAIL, PERSONAL_MAIL.upper()).on_file == (DISTRICT_MAIL, PERSONAL_MAIL)


@pytest.mark.parametrize(
    ("address", "apart"),
    [
        ("dana@mail.example", True),
        ("dana@notexample.edu", True),
        ("dana@example.edu.evil.example", True),
        ("dana@example.edu", False),
        ("dana@Example.EDU", False),
        ("dana@students.example.edu", False),
        ("dana@a.b.example.edu", False),
        ("dana@alumni.example.org", False),
    ],
)
def test_a_domain_and_all_below_it_open_with_the_same_login(address: str, apart: bool) -> None:
    second = of(address, domains=("EXAMPLE.edu", "example.org")).second
    assert second == (address if apart else "")


def test_with_no_domain_configured_no_address_is_apart() -> None:
    assert of(PERSONAL_MAIL, domains=()).second == ""


def test_duos_own_address_may_be_the_second_one() -> None:
    person = a_person(email=PERSONAL_MAIL)
    user = a_user(email=PERSONAL_MAIL)
    assert addresses(person, user, same_login_domains=("example.edu",), notice_copy="").second == PERSONAL_MAIL


def test_an_account_nobody_used_yet_may_have_its_address_from_the_profile() -> None:
    person = a_person(email=PERSONAL_MAIL)
    unused = addresses(
        person, a_user(email=PERSONAL_MAIL, last_login=None), same_login_domains=("example.edu",), notice_copy=""
    )
    assert (unused.second, unused.link_to) == ("", PERSONAL_MAIL)


def test_a_person_to_be_created_has_the_district_address_their_account_will_get_and_no_other() -> None:
    def to_be(email: str, creates_users: bool = True) -> Addresses:
        person = a_person(email=email)
        domains = ("example.edu",)
        return addresses(person, None, same_login_domains=domains, notice_copy="", creates_users=creates_users)

    created = addresses(a_person(), a_user(last_login=None), same_login_domains=("example.edu",), notice_copy="")
    assert to_be(DISTRICT_MAIL) == created
    assert created.link_to == DISTRICT_MAIL
    assert to_be(DISTRICT_MAIL, creates_users=False) == to_be(PERSONAL_MAIL) == to_be("") == Addresses()


def test_a_created_account_takes_its_address_from_the_account_once_there_is_one() -> None:
    other = a_user(email="someone@example.edu")
    found = addresses(a_person(), other, same_login_domains=("example.edu",), notice_copy="", creates_users=True)
    assert found == Addresses()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dana",
        "dana@",
        "@mail.example",
        "dana@mail",
        "dana@@mail.example",
        "dana@mail.example@evil.example",
        "dana@mail.example\nBcc: evil@mail.example",
        "dana@mail.example\x00",
        "dana reyes@mail.example",
        "Dana <dana@mail.example>",
        "dana@mail.example,evil@mail.example",
        '"dana"@mail.example',
        "dana@mail.example.",
        "dana@.mail.example",
        "dana@mail..example",
        "dana@-mail.example",
        "dana@[192.0.2.1]",
        "dana@example\u3002edu",
        "dána@mail.example",
        f"{'d' * 250}@mail.example",
    ],
)
def test_an_address_mail_cannot_go_to_as_it_is_counts_for_nothing(address: str) -> None:
    assert not valid(address)
    assert of(address).on_file == (DISTRICT_MAIL,)
    assert of(email=address).on_file == ()
    assert not agree(address, address)


def test_who_gets_the_link_is_not_told_of_it_in_another_spelling() -> None:
    person = a_person(email=PERSONAL_MAIL, trusted_addresses=(PERSONAL_MAIL.upper(),))
    unused = a_user(email=PERSONAL_MAIL, last_login=None)
    found = addresses(person, unused, same_login_domains=("example.edu",), notice_copy=SECURITY)
    assert (found.link_to, found.notice_to) == (PERSONAL_MAIL.upper(), (SECURITY,))


def test_addresses_agree_whichever_is_spelt_large() -> None:
    assert agree(DISTRICT_MAIL, DISTRICT_MAIL.upper())
    assert agree(DISTRICT_MAIL.upper(), DISTRICT_MAIL)
    assert not agree(DISTRICT_MAIL, PERSONAL_MAIL)


def test_the_longest_address_has_254_characters() -> None:
    assert valid("d" * 241 + "@mail.example")
    assert not valid("d" * 242 + "@mail.example")


@pytest.mark.parametrize("address", [DISTRICT_MAIL, "d.o'neil+duo@students.mail.example", "a@b-c.io"])
def test_ordinary_addresses_are_valid(address: str) -> None:
    assert valid(address)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(), st.emails(), st.sampled_from([PERSONAL_MAIL, DISTRICT_MAIL]))))
def test_whatever_the_fields_hold_every_address_is_valid_once_and_told_or_sent_the_link(trusted: list[str]) -> None:
    found = of(*trusted)
    assert all(valid(address) for address in found.on_file)
    assert len({address.casefold() for address in found.on_file}) == len(found.on_file)
    assert set(found.on_file) == {found.link_to, *found.notice_to}
    assert found.link_to not in found.notice_to


def place(setting: Any, *, field: bool, mailed: bool = False, own: bool = True, watched: bool = False) -> str:
    return passphrase_place(setting, has_field=field, comments_are_mailed=mailed, opener_is_person=own, watched=watched)


def test_the_passphrase_goes_into_the_field_where_there_is_one() -> None:
    assert place("auto", field=True) == "field"
    assert place("field", field=True, mailed=True, own=False, watched=True) == "field"


def test_else_into_the_comment_where_only_the_person_sees_it() -> None:
    assert place("auto", field=False) == "ticket"
    assert place("ticket", field=True) == "ticket"


@pytest.mark.parametrize("seen", [{"mailed": True}, {"own": False}, {"watched": True}])
def test_a_comment_that_others_or_the_mailbox_see_carries_none(seen: dict[str, bool]) -> None:
    assert place("auto", field=False, **seen) == "none"
    assert place("ticket", field=True, **seen) == "none"


def test_a_field_asked_for_and_missing_is_not_replaced_by_the_comment() -> None:
    assert place("field", field=False) == "none"


def test_none_is_none_whatever_there_is() -> None:
    for field, mailed, own, watched in product([True, False], repeat=4):
        assert place("none", field=field, mailed=mailed, own=own, watched=watched) == "none"


def test_a_passphrase_anywhere_makes_a_second_channel() -> None:
    assert [channels(each) for each in ("none", "field", "ticket")] == [1, 2, 2]
