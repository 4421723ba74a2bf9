from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from worker.texts.errors import TextError
from worker.texts.floor import parse
from worker.texts.templates import shipped
from worker.texts.words import how_long, masked, times, until


def test_a_moment_is_in_utc_and_says_so() -> None:
    assert until(datetime(2026, 2, 3, 4, 5, 59, tzinfo=UTC)) == "3 February 2026, 04:05 UTC"


def test_a_moment_of_another_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="UTC"):
        until(datetime(2026, 2, 3, tzinfo=timezone(timedelta(hours=-7))))
    with pytest.raises(ValueError, match="UTC"):
        until(datetime(2026, 2, 3))  # noqa: DTZ001 a naive time is the mistake


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=8), "8 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(days=1), "24 hours"),
        (timedelta(days=3), "3 days"),
        (timedelta(hours=25), "25 hours"),
        (timedelta(hours=8, seconds=-30), "8 hours"),
        (timedelta(hours=1, seconds=-10), "1 hour"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(days=1, seconds=-20), "24 hours"),
        (timedelta(seconds=30), "1 minute"),
    ],
)
def test_a_duration_is_said_in_its_largest_whole_unit(length: timedelta, said: str) -> None:
    assert how_long(length) == said


def test_how_often_is_said_in_words() -> None:
    assert [times(number) for number in (1, 2, 3)] == ["once", "twice", "3 times"]


@pytest.mark.parametrize(
    ("address", "hint"),
    [("ana@example.edu", "a…@example.edu"), ("@example.edu", ""), ("ana", ""), ("", ""), ("ana@", "")],
)
def test_an_address_is_shown_as_a_hint_for_its_owner(address: str, hint: str) -> None:
    assert masked(address) == hint


def test_the_floor_in_force_is_the_last_that_began() -> None:
    floors = parse(shipped("os_floor.toml"), "os_floor.toml")
    assert floors.on(date(2026, 2, 1)).ios == "15.0"
    assert floors.on(date(2026, 2, 2)).ios == "16.0"
    assert floors.on(date(2026, 11, 24)).android == "12.0"
    assert floors.on(date(2000, 1, 1)) == floors.rows[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = ",
        "floor = []",
        '[[floor]]\nfrom = 2026-01-01\nios = "16.0"\nandroid = "12.0"',
        '[[floor]]\nfrom = "2026-01-01"\nios = "16.0"\nandroid = "12.0"\nsource = ""',
        '[[floor]]\nfrom = 2026-01-01T00:00:00Z\nios = "16.0"\nandroid = "12.0"\nsource = ""',
        '[[floor]]\nfrom = 2026-01-01\nios = 16.0\nandroid = "12.0"\nsource = ""',
        '[[floor]]\nfrom = 2026-01-01\nios = "sixteen"\nandroid = "12.0"\nsource = ""',
    ],
)
def test_a_table_of_floors_that_says_less_than_it_must_is_refused(text: str) -> None:
    with pytest.raises(TextError, match=r"^floors"):
        parse(text, "floors")
