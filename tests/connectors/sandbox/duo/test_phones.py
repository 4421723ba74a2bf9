"""Phones (Admin API facts §5)."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.country_less_numbers import e164
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, person, refusal

pytestmark = STOCK_CLIENT


def test_a_phone_is_created_with_everything_unknown(admin: Any) -> None:
    phone = admin.add_phone()
    assert (phone["number"], phone["type"], phone["platform"], phone["activated"]) == ("", "Unknown", "Unknown", False)
    assert phone["capabilities"] == []
    assert phone["phone_id"].startswith("DP")
    assert len(phone["phone_id"]) == 20


@pytest.mark.parametrize(
    ("told", "answered"),
    [
        ("apple ios", "Apple iOS"),
        ("Google Android", "Google Android"),
        ("generic smartphone", "Generic Smartphone"),
        ("windows phone", "Windows Phone"),
        ("unknown", "Unknown"),
    ],
)
def test_words_are_taken_in_lower_case_and_answered_capitalised(admin: Any, told: str, answered: str) -> None:
    phone = admin.add_phone(number=NUMBER, type="mobile", platform=told)
    assert (phone["type"], phone["platform"]) == ("Mobile", answered)
    assert admin.get_phones_by_number(NUMBER) == [phone]


@pytest.mark.parametrize("wrong", [{"type": "tablet"}, {"platform": "ios"}])
def test_other_words_are_40002_and_make_nothing(admin: Any, wrong: dict[str, str]) -> None:
    assert refusal(lambda: admin.add_phone(number=NUMBER, **wrong)) == 40002
    assert admin.get_phones() == []


def test_an_existing_number_is_40003_however_it_is_written(duo: Duo, admin: Any) -> None:
    duo.add_person(person("atorres", DuoPhone(NUMBER)))
    for text in (NUMBER, "480-555-0101", "1 480 555 0101", "+1 (480) 555-0101"):
        assert refusal(partial(admin.add_phone, number=text)) == 40003
    assert len(admin.get_phones()) == 1
    assert admin.add_phone(number=NUMBER, extension="5")["extension"] == "5"


@pytest.mark.parametrize(
    "text", ["12", "555-0101", "07700 900123", "+0123456789", "+1480555010", "x", "+15550100", "++1"]
)
def test_an_impossible_or_country_less_number_is_40002(admin: Any, text: str) -> None:
    assert refusal(lambda: admin.add_phone(number=text)) == 40002


def test_a_number_without_a_plus_is_taken_for_one_of_the_us(admin: Any) -> None:
    assert admin.add_phone(number="480 555-0101")["number"] == NUMBER
    assert admin.add_phone(number="1-602-555-0101")["number"] == "+16025550101"
    assert admin.add_phone(number="305 555 01 02")["number"] == "+13055550102"  # whoever meant it for another country


@given(st.text(alphabet="+0123456789 -().x", max_size=18))
@settings(max_examples=50, deadline=None)
def test_a_number_is_refused_or_kept_in_a_form_that_stays(text: str) -> None:
    try:
        number = e164(text)
    except Failure:
        return
    assert e164(number) == number


def test_a_look_up_answers_a_list_of_none_or_one_with_its_owners(duo: Duo, admin: Any) -> None:
    duo.add_person(person("one", DuoPhone(NUMBER)))
    duo.add_person(person("two", DuoPhone(NUMBER)))
    (phone,) = admin.get_phones_by_number("480-555-0101")
    assert [owner["username"] for owner in phone["users"]] == ["one", "two"]
    assert admin.get_phones_by_number("+14805550199") == []
    assert admin.get_phones_by_number(NUMBER, extension="7") == []


def test_modify_changes_what_it_names_and_the_number_stays_one_phones(admin: Any) -> None:
    phone_id = admin.add_phone(number=NUMBER, name="old")["phone_id"]
    other_id = admin.add_phone(number="+14805550102")["phone_id"]
    changed = admin.update_phone(phone_id, type="mobile", platform="apple ios")
    assert (changed["type"], changed["platform"], changed["name"]) == ("Mobile", "Apple iOS", "old")
    assert refusal(lambda: admin.update_phone(phone_id, number="+14805550102")) == 40003
    admin.update_phone(phone_id, number="+14805550103")
    assert admin.get_phones_by_number(NUMBER) == []
    assert admin.update_phone(other_id, number=NUMBER)["number"] == NUMBER


def test_a_deleted_phone_leaves_its_owners_and_deleting_again_is_no_error(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person("atorres", DuoPhone(NUMBER)))
    (phone,) = admin.get_user_phones(user_id)
    for _ in range(2):
        assert admin.delete_phone(phone["phone_id"]) == ""
    assert admin.get_user_by_id(user_id)["phones"] == []
    assert admin.add_phone(number=NUMBER)["phone_id"] != phone["phone_id"]


def test_capabilities_tell_what_the_device_can_whatever_policy_blocks(duo: Duo, admin: Any) -> None:
    duo.add_person(person("one", DuoPhone("+14805550101", "apple ios", activated=True)))
    duo.add_person(person("two", DuoPhone("+14805550102", "apple ios")))
    duo.add_person(person("three", DuoPhone("+14805550103", type="landline")))
    duo.add_person(person("four", DuoPhone("", "apple ios", activated=True)))
    assert [phone["capabilities"] for phone in admin.get_phones()] == [
        ["auto", "push", "sms", "phone", "mobile_otp"],
        ["auto", "sms", "phone"],
        ["auto", "phone"],
        ["auto", "push", "mobile_otp"],
    ]
