from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError

from rules.duration import duration
from rules.facts import Facts, History, Number, OneOf, Own, Phone, Smartphone, User, without
from tests.rules.builders import ORDINARY, anything, changed, dead_phone

MADE = Phone(id="DPMADE", mobile=True, made_by_worker=True)


def with_phones(*phones: Phone, **differing: bool) -> Facts:
    return changed(ORDINARY, user={"phones": phones, "has_device": bool(phones), **differing})


@pytest.mark.parametrize(("said", "taken"), [("red", True), ("green", True), ("blue", False), ("", False)])
def test_a_field_of_few_words_takes_those_alone(said: str, taken: bool) -> None:
    field = TypeAdapter[str](Annotated[str, OneOf("red", "green")])
    if taken:
        assert field.validate_python(said) == said
    else:
        with pytest.raises(ValidationError, match="is none of the words"):
            field.validate_python(said)


def test_a_request_that_did_nothing_leaves_the_facts_as_they_are() -> None:
    facts = with_phones(dead_phone(), only_dead_phones=True)
    facts = changed(facts, number={"on_record": True}, history={"codes_recently": 2})
    assert without(facts, Own()) == facts


def test_its_own_codes_do_not_count_against_the_person() -> None:
    facts = replace(ORDINARY, history=History(codes_recently=3, password_reset=True))
    assert without(facts, Own(codes=1)).history == History(codes_recently=2, password_reset=True)
    assert without(facts, Own(codes=5)).history.codes_recently == 0


def test_its_own_phone_is_not_on_the_record_nor_is_its_number() -> None:
    facts = replace(
        with_phones(MADE),
        number=Number(given=True, kind="mobile", on_record=True, trusted=True),
        usable_smartphone=Smartphone(found=True, id="DPMADE", made_by_worker=True),
    )
    before = without(facts, Own(phones=frozenset({"DPMADE"})))
    assert before.user == ORDINARY.user
    assert before.number == Number(given=True, kind="mobile", on_record=False, trusted=True)
    assert before.usable_smartphone == Smartphone()


def test_phones_that_others_made_stay_on_the_record() -> None:
    facts = changed(with_phones(dead_phone()), number={"on_record": True})
    facts = replace(facts, usable_smartphone=Smartphone(found=True, id="DPDEAD"))
    assert without(facts, Own(phones=frozenset({"DPMADE"}))) == facts


def test_dead_phones_beside_its_own_are_still_dead_phones() -> None:
    facts = with_phones(dead_phone(), MADE, only_dead_phones=True)
    before = without(facts, Own(phones=frozenset({"DPMADE"})))
    assert before.user == with_phones(dead_phone(), only_dead_phones=True).user


def test_a_phone_of_its_own_alone_is_no_dead_phone() -> None:
    before = without(with_phones(MADE, only_dead_phones=True), Own(phones=frozenset({"DPMADE"})))
    assert not before.user.only_dead_phones
    assert not before.user.has_device


def test_a_phone_that_somebody_activated_stays_and_so_does_the_working_factor() -> None:
    activated = replace(MADE, activated=True, working=True)
    facts = with_phones(activated, working_factor=True)
    facts = changed(facts, number={"on_record": True})
    assert without(facts, Own(phones=frozenset({"DPMADE"}))) == facts


def test_a_token_is_a_device_when_its_own_phone_is_gone() -> None:
    before = without(with_phones(MADE, working_factor=True), Own(phones=frozenset({"DPMADE"})))
    assert before.user.has_device
    assert before.user.phones == ()


def test_phones_that_it_took_off_the_record_count_as_the_dead_phones_they_were() -> None:
    before = without(ORDINARY, Own(detached=frozenset({"DPDEAD"})))
    assert before.user == replace(ORDINARY.user, has_device=True, only_dead_phones=True)


def test_a_key_registered_after_the_phones_were_taken_off_is_seen() -> None:
    facts = changed(ORDINARY, user={"has_device": True, "working_factor": True})
    before = without(facts, Own(detached=frozenset({"DPDEAD"})))
    assert before.user == facts.user


def test_the_user_that_it_created_was_not_there() -> None:
    before = without(with_phones(MADE), Own(created_user=True, phones=frozenset({"DPMADE"})))
    assert before.user == User(email_known=True, has_logged_in=True)


def test_nothing_known_means_nothing_found_and_nothing_proven() -> None:
    told = {
        f"{section.name}.{one.name}": getattr(getattr(Facts(), section.name), one.name)
        for section in fields(Facts)
        if section.name not in {"option", "progress"}
        for one in fields(getattr(Facts(), section.name))
    }
    assert {name: value for name, value in told.items() if value not in (False, "", ())} == {
        "request.approval": "none",
        "request.age": timedelta(),
        "request.persons_agree": True,
        "requester.is_person": True,
        "user.email_agrees": True,
        "number.region_allowed": True,
        "limits.codes_per_person": 3,
        "limits.per_opener": 20,
        "limits.max_request_age": timedelta(days=14),
        "policy.require_proof": True,
        "policy.directory_fresh": True,
    }
    assert dead_phone() == Phone(id="DPDEAD", mobile=True, platform_known=True)
    assert {getattr(Phone(), one.name) for one in fields(Phone)} == {"", False}


@pytest.mark.parametrize(
    "module",
    ["facts", "fields", "operand", "expression", "rows", "decision", "proof", "examples", "phone_number", "reading"],
)
def test_everything_that_is_passed_around_is_frozen(module: str) -> None:
    values: list[Any] = [one for one in vars(import_module(f"rules.{module}")).values() if is_dataclass(one)]
    assert values
    for value in values:
        assert value.__dataclass_params__.frozen


@settings(max_examples=50, deadline=None)
@given(anything())
def test_facts_survive_json(facts: Facts) -> None:
    adapter = TypeAdapter(Facts)
    assert adapter.validate_json(adapter.dump_json(facts)) == facts


def test_facts_of_a_word_that_is_none_are_refused() -> None:
    with pytest.raises(
        ValidationError, match=r"^1 validation error for Facts\nrequest\.device\n  'duo_mobil' is none of the words"
    ):
        TypeAdapter(Facts).validate_python({"request": {"device": "duo_mobil"}})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("8h", timedelta(hours=8)),
        ("14d", timedelta(days=14)),
        ("0s", timedelta()),
    ],
)
def test_durations_as_people_write_them(text: str, meant: timedelta) -> None:
    assert duration(text) == meant


@pytest.mark.parametrize("text", ["15", "m", "1.5h", "-5m", "5 m", "5w", "1h30m", "٥m", "9999999999d", "", 5])
def test_what_is_no_duration_is_left_as_it_came(text: object) -> None:
    assert duration(text) is text
