import re

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.phone_number import PhoneNumber, Problem, parse

NUMBER = PhoneNumber(e164="+14805550123", kind="fixed_or_mobile", region="US", region_allowed=True)


def problem(text: str) -> str:
    parsed = parse(text, ["US"])
    assert isinstance(parsed, Problem)
    return parsed.reason


@pytest.mark.parametrize(
    "text",
    [
        "+14805550123",
        "+1 480 555 0123",
        "+1 (480) 555-0123",
        "+1.480.555.0123",
        "  +1 480\u2013555\u00a00123\n",
        "\t+14805550123\r\n",
        "\u00a0+14805550123\u00a0",
        "+1\u2010480\u2011555 0123",
    ],
)
def test_one_number_in_the_ways_that_people_write_it(text: str) -> None:
    assert parse(text, ["US"]) == NUMBER


@pytest.mark.parametrize(
    ("text", "kind", "region"),
    [
        ("+4915112345678", "mobile", "DE"),
        ("+493012345678", "landline", "DE"),
        ("+18005551234", "other", "US"),
        ("+17875550123", "fixed_or_mobile", "PR"),
        ("+8613800138000", "mobile", "CN"),
        ("+88216123456789", "other", ""),
    ],
)
def test_kind_and_region_come_from_the_plan(text: str, kind: str, region: str) -> None:
    parsed = parse(text, ["US"])
    assert isinstance(parsed, PhoneNumber)
    assert (parsed.e164, parsed.kind, parsed.region) == (text, kind, region)
    assert parsed.region_allowed is (region == "US")


def test_every_region_of_the_list_is_allowed_and_none_of_an_empty_one() -> None:
    allowed = parse("+17875550123", ["US", "PR"])
    assert isinstance(allowed, PhoneNumber)
    assert allowed.region_allowed
    nowhere = parse("+14805550123", [])
    assert isinstance(nowhere, PhoneNumber)
    assert not nowhere.region_allowed


@pytest.mark.parametrize("text", ["480 555 0123", "14805550123", "0014805550123"])
def test_the_country_is_never_guessed(text: str) -> None:
    assert problem(text) == "the phone number has no country code: it must start with +"


@pytest.mark.parametrize(
    "text",
    [
        "\u200f+14805550123",
        "+1480\u202e5550123",
        "+14805550123^assigned_toISEMPTY",
        "+{{ 7 * 7 }}",
        "{% for x in y %}",
        "+1480<b>5550123",
        "+1-480-555-CALL",
        "+1 480 555 0123 x5",
        "+14805550123;ext=5",
        "+1 480 555 0123/4",
        "tel:+14805550123",
        "+٤٨٠٥٥٥٠١٢٣",
        "\uff0b14805550123",
        "+1480\n5550123",
        "++14805550123",
        "+1480+5550123",
        "+",
        "",
        "\x00+14805550123",
        "\x1c+14805550123",
        "+14805550123\u2003",
        "X+14805550123X",
    ],
)
def test_a_text_that_may_be_meant_to_look_like_a_number_is_a_problem(text: str) -> None:
    assert problem(text) == "the phone number holds characters that don't belong to one"


@pytest.mark.parametrize("text", ["+" + "4" * 9_999, "+1480555012" + " " * 30 + "3", "\u200f" * 10_000])
def test_a_long_text_is_a_problem_at_once(text: str) -> None:
    assert problem(text) == "the phone number is too long"


def test_forty_characters_are_not_too_long_and_forty_one_are() -> None:
    assert parse("+1480555012" + " " * 28 + "3", ["US"]) == NUMBER
    assert problem("+1480555012" + " " * 29 + "3") == "the phone number is too long"


@pytest.mark.parametrize("text", ["+1", "+0 480 555 0123", "+()", "+999123456789"])
def test_a_number_of_no_country_is_a_problem(text: str) -> None:
    assert problem(text) == "the phone number isn't one: no country's plan has such numbers"


@pytest.mark.parametrize("text", ["+1480555", "+1 480 555 01234", "+11234567890"])
def test_a_number_that_its_country_does_not_have_is_a_problem(text: str) -> None:
    assert problem(text) == "the phone number isn't one: its country's plan has no such number"


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=50)
    | st.from_regex(r"\+?[0-9 ().^{}%\u200f\u202e-]{0,45}", fullmatch=True)
    | st.text("+0123456789 ()-", max_size=20)
)
@example("+" * 41)
@example("\u200e" + "+14805550123")
def test_any_text_is_a_number_or_a_named_problem_that_repeats_nothing_of_it(text: str) -> None:
    parsed = parse(text, ["US"])
    if isinstance(parsed, Problem):
        assert parsed.reason.startswith("the phone number ")
        assert len(text) < 5 or text not in parsed.reason
        return
    assert re.fullmatch(r"\+[1-9]\d{5,14}", parsed.e164, re.ASCII)
    assert phonenumbers.is_valid_number(phonenumbers.parse(parsed.e164, None))
    assert parse(parsed.e164, ["US"]) == parsed


@settings(max_examples=50, deadline=None)
@given(st.integers(2_000_000_000, 9_999_999_999), st.lists(st.sampled_from(" -.()"), min_size=10, max_size=10))
def test_marks_between_digits_change_nothing(digits: int, marks: list[str]) -> None:
    typed = "+1" + "".join(mark + digit for mark, digit in zip(marks, str(digits), strict=True))
    assert parse(typed, ["US"]) == parse(f"+1{digits}", ["US"])
