"""Small named values that are remembered."""

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import SECOND
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
