from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.expression import Expression, ExpressionFailed, Seen
from rules.facts import Facts, Phone, Request, User
from rules.operand import ExpressionRefused
from tests.rules.builders import anything

_WORDS = """
    user user.found request.device user.phones user.matches request.age p p.mobile option $any $all $now $random ( ) [ ]
    { } : , . & and or not in for if == != < > <= >= =~ !~ + - * / % ?? ? 1 0 1.5 1e999999 0x1f 'a' 'duo_mobile' "x
    d'2020-01-01' d'x' t'P1D' t'P99999999999D' b'x' r'x' null true inf nan # elif ^ |
"""


def held(text: str, facts: Facts) -> bool:
    return Expression(text).holds(facts)


def test_a_field_that_is_true_or_false_is_a_condition() -> None:
    assert held("user.found", Facts(user=User(found=True)))
    assert not held("user.found", Facts())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("request.device == 'duo_mobile'", True),
        ("request.device != 'duo_mobile'", False),
        ("user.matches > 1", True),
        ("user.matches >= 3", False),
        ("user.matches in [2, 3]", True),
        ("user.matches == -2", False),
        ("request.age > t'P1D'", True),
        ("request.age <= limits.max_request_age", True),
        ("user.status in ['active', 'bypass']", False),
        ("not user.found and user.matches == 2", True),
        ("user.found or user.matches == 3", False),
        ("user.found == false", True),
        ("user.phones.is_empty", False),
        ("$any([phone.working for phone in user.phones])", True),
        ("$all([phone.working for phone in user.phones])", False),
        ("$all([phone.working for phone in user.phones if phone.id == 'DP1'])", True),
        ("$any([not phone.working for phone in user.phones])", True),
        ("$any([user.found or phone.working for phone in user.phones])", True),
        ("option == ''", True),
    ],
)
def test_conditions_mean_what_they_say(text: str, expected: bool) -> None:
    facts = Facts(
        request=Request(device="duo_mobile", age=timedelta(days=2)),
        user=User(matches=2, phones=(Phone(id="DP1", working=True), Phone(id="DP2"))),
    )
    assert held(text, facts) is expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("user.statuss == 'active'", "there is no fact `statuss`; the nearest is `status`"),
        ("usr.found", "there is no fact `usr`; the nearest is `user`"),
        ("Phone.mobile", "there is no fact `Phone`; the nearest is `"),
        ("$any([phone.wrking for phone in user.phones])", "there is no fact `wrking`; the nearest is `working`"),
        ("user.phones.empty", "there is no fact `empty`; the nearest is `is_empty`"),
        ("user.phones.length == 0", "asks `user.phones.length`, but `user.phones` is a list"),
        ("request.problem.as_lower == 'a'", "asks `request.problem.as_lower`, but `request.problem` is a text"),
        ("request.device == 'duo_mobil'", "`request.device` is never 'duo_mobil'; the nearest word is 'duo_mobile'"),
        ("'duo_mobil' != request.device", "`request.device` is never 'duo_mobil'; the nearest word is 'duo_mobile'"),
        ("user.status in ['active', 'lock']", "`user.status` is never 'lock'; the nearest word is 'locked out'"),
        ("option == 'mobile.bypass'", "`option` is never 'mobile.bypass'; the nearest word is 'mobile.bypass_code'"),
        (
            "request.device == request.preferred",
            "compares `request.device` with `request.preferred`; it can only be one of its own words",
        ),
        (
            "request.problem == request.device",
            "compares `request.device` with `request.problem`; it can only be one of its own words",
        ),
        ("request", "takes `request` for a condition, but it is a section"),
        ("user.found and request", "can't be read: types don't fit"),
        ("not user.matches", "takes `user.matches` for a condition, but it is a number"),
        ("user.status", "takes `user.status` for a condition, but it is a text"),
        ("user.phones", "takes `user.phones` for a condition, but it is a list"),
        ("request.age", "takes `request.age` for a condition, but it is a duration"),
        ("$any([phone.id for phone in user.phones])", "takes `phone.id` for a condition, but it is a text"),
        ("$any([user.found for phone in user.phones if phone.id])", "takes `phone.id` for a condition"),
        ("user == requester", "compares `user` (a section) with `requester` (a section)"),
        ("user.phones == user.phones", "compares `user.phones` (a list) with `user.phones` (a list)"),
        ("user.status == 3", "compares `user.status` (a text) with `3` (a number)"),
        ("user.found == 'active'", "compares `user.found` (true or false) with `'active'` (a text)"),
        ("user.matches in ['2']", "compares `user.matches` (a number) with `'2'` (a text)"),
        ("request.age > 3", "can't be read: types don't fit"),
        ("user.matches == 1.5", "says 1.5, but the facts' numbers are whole"),
        ("user.matches < inf", "says Infinity, but the facts' numbers are whole"),
        ("user.found > user.found", "asks which of `user.found` and `user.found` is greater"),
        ("request.problem < 'a'", "asks which of `request.problem` and `'a'` is greater"),
        ("$now > d'2026-01-01'", "asks `$now`, which isn't among the facts"),
        ("$e > 1", "asks `$e`, which isn't among the facts"),
        ("$nonsense", "asks `$nonsense`, which isn't among the facts"),
        ("$random() > 0", "calls `$random`; only `$any([…])` and `$all([…])` can be called"),
        ("$random(1) == 1", "calls `$random`"),
        ("$abs(user.matches) == 1", "calls `$abs`"),
        ("'x' in $split(request.problem)", "calls `$split`"),
        ("request.problem.ends_with('x')", "calls `ends_with`"),
        ("$any(user.phones)", "needs $any([‹condition› for ‹name› in ‹list›])"),
        (
            "$all([phone.mobile for phone in user.status])",
            "can't be read: types don't fit (comprehension requires an iterable)",
        ),
        ("$any([user.mobile for user in user.phones])", "gives the name `user` to an item"),
        ("$any([$any([p.mobile for p in user.phones]) for p in user.phones])", "gives the name `p` to an item"),
        ("user.phones[0].mobile", "takes items of a list by their place"),
        ("user.phones[0:1] == user.phones", "takes items of a list by their place"),
        ("user&.found", "asks for `found` with `&.`, but no fact is ever missing; write `.`"),
        ("user.status =~ 'act.*'", "compares by a pattern"),
        ("'out' in user.status", "asks what is in `user.status`, which is a text; list values in [ ]"),
        ("option in user.phones", "asks what is in `user.phones`, which is a list; list values in [ ]"),
        ("$random()", "calls `$random`; only `$any([…])` and `$all([…])` can be called, as conditions"),
        ("$split('x')", "calls `$split`"),
        ("'a'.ends_with(request.problem)", "calls `…`"),
        (
            "request.problem == d'2026-05-27'",
            "compares `request.problem` (a text) with `2026-05-27T00:00:00+00:00` (a time",
        ),
        ("user.status in []", "asks whether `user.status` is in an empty list"),
        ("true", "is always true, whatever the facts"),
        ("1 == 2", "is always false, whatever the facts"),
        ("user.found or 'a' == 'a'", "is always true, whatever the facts"),
        ("user.matches + 1 > 2", "says more than a condition may"),
        ("user.found ? user.found : user.privileged", "says more than a condition may"),
        ("user.found ?? user.found", "says more than a condition may"),
        ("user.matches == null", "says more than a condition may"),
        ("user.matches == 2 ** 2", "reckons; a condition only compares"),
        ("user.matches == 1 << 99999999999", "reckons"),
        ("user.matches == 9 >> 1", "reckons"),
        ("user.found and", "can't be read to its end, as it breaks off"),
        ("", "can't be read to its end"),
        ("user.found if user.found", "can't be read from `if user.found` on"),
        ("request.age > t'nonsense'", "can't be read: invalid timedelta string"),
        ("request.age > t'P99999999999D'", "can't be read: "),
        ("not " * 100 + "user.found", "is longer than 300 characters"),
    ],
)
def test_a_slip_is_refused_with_a_sentence_when_the_table_loads(text: str, sentence: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        Expression(text)
    assert str(refused.value).startswith(sentence)


def test_three_hundred_characters_are_not_too_long_and_one_more_is() -> None:
    assert Expression("user.found".rjust(300)).asks == ("user.found",)
    with pytest.raises(ExpressionRefused, match="is longer than 300 characters"):
        Expression("user.found".rjust(301))


def test_what_it_saw_is_told_by_the_longest_names_once_and_in_order() -> None:
    expression = Expression("user.matches > 1 or user.matches == 1 and not user.found")
    seen = expression.seen(Facts(user=User(matches=2)))
    assert seen == (Seen("user.matches", "2"), Seen("user.found", "false"))


def test_what_it_saw_is_told_whether_or_not_the_answer_needed_it() -> None:
    seen = Expression("user.found and request.device == 'duo_mobile'").seen(Facts())
    assert seen == (Seen("user.found", "false"), Seen("request.device", "''"))


def test_what_it_saw_of_a_list_is_the_list_and_what_stands_beside_it() -> None:
    expression = Expression("$any([phone.working and option == '' for phone in user.phones if user.found])")
    assert expression.asks == ("user.phones", "user.found", "option")
    phones = (Phone(id="DP1", mobile=True), Phone())
    assert expression.seen(Facts(user=User(phones=phones)))[0] == Seen("user.phones", "[{id='DP1', mobile=true}, {}]")


def test_an_emptiness_is_told_by_the_list() -> None:
    assert Expression("user.phones.is_empty").seen(Facts()) == (Seen("user.phones", "[]"),)


def test_both_fields_of_a_comparison_and_all_of_a_choice_are_seen() -> None:
    assert Expression("request.age > limits.max_request_age").asks == ("request.age", "limits.max_request_age")
    chosen = Expression("user.matches in [limits.per_opener, history.codes_recently]")
    assert chosen.asks == ("user.matches", "limits.per_opener", "history.codes_recently")


def test_a_condition_that_cannot_be_told_raises_instead_of_saying_no() -> None:
    broken = replace(Facts(), user=None)  # type: ignore[arg-type]  # facts that a bug made
    with pytest.raises(ExpressionFailed, match=r"`user.found` can't be told"):
        held("user.found", broken)


def test_why_it_cannot_be_told_repeats_no_facts() -> None:
    broken = replace(Facts(), user=replace(User(), matches="secret"))  # type: ignore[arg-type]  # facts that a bug made
    with pytest.raises(ExpressionFailed) as failed:
        held("user.matches > 1", broken)
    assert str(failed.value) == "`user.matches > 1` can't be told: data type mismatch"


def test_why_it_cannot_be_told_is_rule_engines_own_sentence() -> None:
    broken = replace(Facts(), option=5)  # type: ignore[arg-type]  # facts that a bug made
    with pytest.raises(ExpressionFailed, match="symbol 'option' resolved to incorrect datatype"):
        held("option == ''", broken)


def test_what_it_saw_raises_too_where_it_cannot_be_told() -> None:
    broken = replace(Facts(), proof=None)  # type: ignore[arg-type]  # facts that a bug made
    unneeded = Expression("user.working_factor and not proof.desk")
    assert not unneeded.holds(broken)
    with pytest.raises(ExpressionFailed) as failed:
        unneeded.seen(broken)
    told = "`user.working_factor and not proof.desk` can't be told: 'NoneType' object has no attribute 'desk'"
    assert str(failed.value) == told


@pytest.mark.parametrize("value", ["yes", None, 1])
def test_an_answer_that_is_neither_true_nor_false_is_no_answer(value: object) -> None:
    broken = replace(Facts(), user=replace(User(), found=value))  # type: ignore[arg-type]  # facts that a bug made
    with pytest.raises(ExpressionFailed, match=r"^`user.found` "):
        held("user.found", broken)


def test_threads_that_ask_one_condition_do_not_disturb_each_other() -> None:
    expression = Expression("$any([phone.working for phone in user.phones])")
    working = Facts(user=User(phones=(Phone(), Phone(working=True))))
    dead = Facts(user=User(phones=(Phone(), Phone())))

    def answers(facts: Facts) -> Iterator[bool]:
        return (expression.holds(facts) for _ in range(200))

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda facts: set(answers(facts)), [working, dead, working, dead]))
    assert told == [{True}, {False}, {True}, {False}]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_WORDS.split()), max_size=12).map(" ".join) | st.text(max_size=30), anything())
def test_any_text_is_refused_or_answers_yes_or_no_of_any_facts(text: str, facts: Facts) -> None:
    try:
        expression = Expression(text)
    except ExpressionRefused:
        return
    assert expression.holds(facts) in {True, False}
    assert expression.asks
    assert [one.name for one in expression.seen(facts)] == list(expression.asks)


def test_a_span_that_no_machine_can_count_is_refused_in_its_own_words() -> None:
    with pytest.raises(ExpressionRefused, match=r"^can't be read: .*too large"):
        Expression("progress.since_delivery >= t'P9999999999D'")
