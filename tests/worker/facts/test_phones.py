from typing import Any

import pytest

from tests.builders import a_phone, a_user
from worker.facts.phones import about_phone, is_mobile, is_working, only_dead_phones, same_number


@pytest.mark.parametrize(
    ("type_", "platform", "mobile"),
    [
        ("mobile", "unknown", True),
        ("mobile", "symbian os", True),
        ("unknown", "apple ios", True),
        ("unknown", "generic smartphone", True),
        ("unknown", "symbian os", False),
        ("unknown", "unknown", False),
        ("landline", "apple ios", False),
    ],
)
def test_a_phone_is_mobile_by_its_type_else_by_a_smartphones_platform(type_: str, platform: str, mobile: bool) -> None:
    assert is_mobile(a_phone(type=type_, platform=platform)) is mobile


@pytest.mark.parametrize("platform", ["", "unknown"])
def test_a_platform_that_is_not_said_is_not_known(platform: str) -> None:
    assert not about_phone(a_phone(platform=platform), frozenset()).platform_known


@pytest.mark.parametrize(
    ("capability", "works"), [("push", True), ("mobile_otp", True), ("sms", False), ("auto", False)]
)
def test_what_only_the_app_can_do_is_what_works(capability: str, works: bool) -> None:
    assert is_working(a_phone(capabilities=("phone", capability))) is works


@pytest.mark.parametrize("sign", [{"activated": True}, {"capabilities": ("push",)}, {"last_seen": "2026-03-04"}])
def test_one_sign_of_the_app_is_enough_for_a_phone_not_to_be_dead(sign: dict[str, Any]) -> None:
    assert only_dead_phones(a_user(phones=(a_phone(),)))
    assert not only_dead_phones(a_user(phones=(a_phone(), a_phone(**sign))))


def test_a_number_is_one_however_it_is_spaced() -> None:
    assert same_number("+1 (480) 555-0142", "+14805550142")
    assert not same_number("", "+14805550142")
    assert not same_number("+14805550143", "+14805550142")
