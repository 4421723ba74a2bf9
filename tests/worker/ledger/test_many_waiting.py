"""Days of waiting cost nothing: 20,000 requests that wait are rows with a due time."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from tests.worker.ledger.conftest import NOW
from worker.ledger import requests, sightings
from worker.ledger.database import Ledger
from worker.ledger.schema import requests as table
from worker.ledger.sightings import Sighting

pytestmark = pytest.mark.long
MANY = 20_000


@pytest.fixture
def waiting(ledger: Ledger, file: Callable[..., int]) -> Ledger:
    """All delivered, each due some minute of the next days; one was due a minute ago."""
    first = file()
    with ledger.writing() as connection:
        row = connection.execute(select(table).where(table.c.id == first)).one()._asdict()
        delivered = {**row, "state": "awaiting", "delivered_at": NOW}
        copies = [
            {**delivered, "id": number, "ticket_id": f"t{number}", "person": f"p{number}", "duo_user_id": f"DU{number}",
             "due_at": NOW + timedelta(minutes=number % 9000 + 1)}
            for number in range(first + 1, first + MANY)
        ]  # fmt: skip
        connection.execute(insert(table), copies)
        connection.execute(update(table).values(due_at=NOW - timedelta(minutes=1)).where(table.c.id == first))
    return ledger


def how_due_ones_are_found(ledger: Ledger) -> str:
    """As the database tells it."""
    with ledger.writing() as connection:
        connection.execute(text("ANALYZE requests"))
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        asked = select(table.c.id).where(table.c.due_at <= NOW)
        written = asked.compile(connection.engine, compile_kwargs={"literal_binds": True})
        return str(connection.execute(text(f"{explain} {written}")).all()).lower()


def test_only_what_is_due_is_read_by_way_of_an_index_and_no_thread_waits(waiting: Ledger) -> None:
    threads = threading.active_count()
    assert [one.ticket_id for one in requests.due(waiting, NOW, limit=100)] == ["t1"]
    assert requests.next_due(waiting) == NOW - timedelta(minutes=1)
    assert threading.active_count() == threads
    assert "index" in how_due_ones_are_found(waiting)


def test_a_row_of_duos_log_wakes_its_person_alone(waiting: Ledger) -> None:
    with waiting.writing() as connection:
        assert len(sightings.waiting_users(connection)) == MANY - 1
        sightings.put(connection, [Sighting("tx", "DU500", NOW, "bypass_code", "US")], NOW)
    assert sorted(one.ticket_id for one in requests.due(waiting, NOW, limit=100)) == ["t1", "t500"]
