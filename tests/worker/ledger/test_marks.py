"""Small named values that are remembered."""

from datetime import timedelta

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import MINUTE, SECOND
from worker.ledger import marks
from worker.ledger.database import Ledger


def test_a_value_is_remembered_with_its_time_until_it_is_forgotten(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        assert marks.get(connection, "a") is None
        marks.put(connection, "a", {"x": 1}, NOW)
        marks.put(connection, "b", [], NOW)
        marks.put(connection, "a", {"x": 2}, NOW + SECOND)
    with ledger.writing() as connection:
        assert marks.get(connection, "a") == ({"x": 2}, NOW + SECOND)
        marks.drop(connection, "a")
        marks.drop(connection, "nobody's")
    with ledger.reading() as connection:
        assert marks.get(connection, "a") is None
        assert marks.get(connection, "b") == ([], NOW)


def test_values_are_read_by_two_names_or_by_how_names_start(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        for place, name in enumerate(("poll:a", "poll:b", "poll%", "pol")):
            marks.put(connection, name, place, NOW)
    with ledger.reading() as connection:
        assert marks.both(connection, "poll:b", "pol") == {"poll:b": 1, "pol": 3}
        assert marks.both(connection, "poll:a", "nobody's") == {"poll:a": 0}
        assert marks.starting(connection, "poll:") == {"poll:a": 0, "poll:b": 1}
        assert marks.starting(connection, "poll%") == {"poll%": 2}


def test_a_turn_is_given_once_in_a_while(ledger: Ledger) -> None:
    def claimed(after: timedelta) -> timedelta:
        with ledger.writing() as connection:
            return marks.claim(connection, "log", NOW + after, MINUTE)

    with ledger.writing() as connection:
        marks.put(connection, "another", 1, NOW)
    assert claimed(timedelta()) == timedelta()
    assert claimed(timedelta()) == MINUTE
    assert claimed(MINUTE - SECOND) == SECOND
    assert claimed(MINUTE) == timedelta()
    assert claimed(SECOND) == timedelta(), "the clock was set back"
    with ledger.reading() as connection:
        assert marks.get(connection, "log") == ({}, NOW + SECOND)
        assert marks.get(connection, "another") == (1, NOW)
