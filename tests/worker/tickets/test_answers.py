"""The form's answers under our names; none that can't be used is half used or repeated."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.tickets.ticketing import SETTINGS
from worker.tickets.servicenow import TicketSettings, Variables
from worker.tickets.servicenow.answers import read_answers
from worker.tickets.ticket import Answers

NAMES = ("device_type", "mobile_number", "phone_os", "preferred_method")
NASTY = (
    st.text(max_size=40)
    | st.text(alphabet="+1480555012 ()-^{}%\u202e\u200b\u0661", max_size=20)
    | st.sampled_from(
        ("{{ 7*7 }}", "^ORactive=true", "javascript:x", "[code]<b>[/code]", "\u202e2410555", "x" * 10_000)
    )
)


def read(answers: Mapping[str, str], settings: TicketSettings = SETTINGS) -> tuple[Answers, tuple[str, ...]]:
    """What the given answers say, and no others."""
    given = {**dict.fromkeys(NAMES, ""), **answers}
    return read_answers({f"variables.{name}": value for name, value in given.items()}, "", settings)


def test_every_answer_is_taken_under_our_name() -> None:
    typed = ("Security key", "+1 (480) 555-0142", "iPhone", "bypass_code")
    answers, problems = read(dict(zip(NAMES, typed, strict=True)))
    assert answers == Answers("security_key", "+14805550142", "ios", "bypass_code")
    assert problems == ()


def test_no_answers_are_no_problem() -> None:
    assert read({}) == (Answers(), ())


@pytest.mark.parametrize(
    ("typed", "meant"), [("iPhone", "ios"), ("IOS", "ios"), ("android", "android"), ("Other", "other")]
)
def test_usual_words_for_a_phone_need_no_set_up(typed: str, meant: str) -> None:
    assert read({"phone_os": typed})[0].phone_os == meant


def test_choices_that_are_set_up_win_over_the_usual_words() -> None:
    settings = replace(SETTINGS, choices={"phone_os": {"Other": "android"}})
    assert read({"phone_os": "other"}, settings)[0].phone_os == "android"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("device_type", "Carrier pigeon", "the form's answer device_type is none of the choices that are set up"),
        ("phone_os", "Symbian", "the form's answer phone_os is none of the choices that are set up"),
        ("preferred_method", "whatever", "the form's answer preferred_method is none of the choices that are set up"),
        ("mobile_number", "480-555-0142", "the phone number has no country code: it must start with +"),
        ("mobile_number", "+1480555014200000000", "the phone number isn't one: "),
        ("mobile_number", "x" * 10_000, "the phone number is too long"),
        ("mobile_number", "+1480555\u202e2410", "the phone number holds characters that don't belong to one"),
    ],
)
def test_an_answer_that_can_t_be_used_is_a_problem_that_doesn_t_repeat_it(name: str, value: str, problem: str) -> None:
    answers, problems = read({name: value})
    assert answers == Answers()
    (sentence,) = problems
    assert sentence.startswith(problem)
    assert value not in sentence


def test_an_answer_that_isn_t_shown_is_a_problem_and_no_default() -> None:
    answers, problems = read_answers({"variables.device_type": "Duo Mobile"}, "", SETTINGS)
    assert answers == Answers(device="duo_mobile")
    assert problems == tuple(f"the form's answer {name} can't be read" for name in NAMES[1:])


def test_what_the_form_doesn_t_ask_is_no_problem() -> None:
    settings = replace(SETTINGS, variables=Variables(device="device_type", phone_number="", phone_os="", preferred=""))
    assert read_answers({"variables.device_type": "Duo Mobile"}, "", settings) == (Answers(device="duo_mobile"), ())


@given(answers=st.fixed_dictionaries(dict.fromkeys(NAMES, NASTY)))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_is_one_of_our_words_or_a_problem(answers: dict[str, str]) -> None:
    found, problems = read(answers)
    typed = [answers[name].strip() for name in NAMES]
    taken = [found.device, found.phone_number, found.phone_os, found.preferred]
    assert sum(bool(each) for each in typed) == sum(bool(each) for each in taken) + len(problems)
    assert found.phone_number == "" or (found.phone_number[0] == "+" and found.phone_number[1:].isascii())
    for text in typed:
        assert len(text) < 12 or not any(text in problem for problem in problems)
