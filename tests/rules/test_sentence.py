from datetime import UTC, datetime, timedelta

import pytest

from rules.facts import Facts, Phone, Request, User
from rules.sentence import Sentence, SentenceRefused
from rules.shown import shown, worded


def test_a_sentence_shows_the_facts_that_it_names() -> None:
    sentence = Sentence("{user.matches} match; {request.problem}; seen {user.found}; {request.age} old")
    facts = Facts(user=User(matches=2), request=Request(problem="no country", age=timedelta(hours=26)))
    assert sentence.filled(facts) == "2 match; no country; seen false; 1d 2h old"


def test_text_that_stands_in_a_fact_is_never_filled_again() -> None:
    facts = Facts(request=Request(problem="{user.matches} {0.__class__}"))
    assert Sentence("told: {request.problem}").filled(facts) == "told: {user.matches} {0.__class__}"


@pytest.mark.parametrize(
    "name", ["user.nonsense", "user", "user.phones", "", "request.device.upper", "0", "user.phones.id", "nonsense.more"]
)
def test_a_sentence_that_names_no_fact_is_refused(name: str) -> None:
    with pytest.raises(SentenceRefused, match="is no fact that a sentence can show"):
        Sentence(f"what: {{{name}}}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (False, "false"),
        (3, "3"),
        ("active", "'active'"),
        (timedelta(), "0s"),
        (timedelta(minutes=15), "15m"),
        (timedelta(days=14, hours=3, minutes=5), "14d 3h"),
        (timedelta(hours=2, seconds=1), "2h 1s"),
        (timedelta(seconds=59.9), "59s"),
        (timedelta(minutes=-5), "-5m"),
        (datetime(2026, 5, 27, tzinfo=UTC), "2026-05-27T00:00:00+00:00"),
        (("a", 1), "['a', 1]"),
        ((), "[]"),
        (Phone(), "{}"),
        (Phone(id="DP1", working=True), "{id='DP1', working=true}"),
        ("x" * 200, "'" + "x" * 200 + "'"),
        ("x" * 201, "'" + "x" * 200 + "…'"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert shown(value) == words


def test_a_text_in_a_sentence_has_no_quotes() -> None:
    assert worded("Former staff") == "Former staff"
