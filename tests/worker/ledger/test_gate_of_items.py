"""What the items of a batch pass, besides the gate of the batch itself."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.errors import Unavailable
from connectors.gate import BudgetSpent
from worker.gates import beside, gate
from worker.lease_time import within_lease
from worker.ledger.budget import Pace
from worker.ledger.columns import microseconds
from worker.ledger.database import Ledger
from worker.ledger.schema import budgets

TIMEOUT = timedelta(seconds=75)
LIMIT = 120
BURST = Pace(LIMIT).burst


def an_item(ledger: Ledger, *, counts: bool) -> None:
    beside(ledger, "servicenow", calls_per_minute=LIMIT, timeout=TIMEOUT, counts=counts)()


def slots_taken(ledger: Ledger) -> int:
    """In whole intervals, as the row has it; 0: none yet."""
    with ledger.reading() as connection:
        row = connection.execute(select(budgets)).one_or_none()
    return 0 if row is None else row.next_slot


def test_items_that_count_take_the_slots_that_are_free_and_no_more(ledger: Ledger) -> None:
    gate(ledger, "servicenow", calls_per_minute=LIMIT, timeout=TIMEOUT, stop=threading.Event())()
    for _ in range(BURST):
        an_item(ledger, counts=True)
    with pytest.raises(BudgetSpent) as spent:
        an_item(ledger, counts=True)
    assert spent.value.retry_after is not None
    assert timedelta() < spent.value.retry_after <= Pace(LIMIT).interval


def test_an_item_that_isn_t_let_in_takes_no_slot(ledger: Ledger) -> None:
    for _ in range(BURST + 1):
        an_item(ledger, counts=True)
    before = slots_taken(ledger)
    for _ in range(3):
        with pytest.raises(BudgetSpent):
            an_item(ledger, counts=True)
    assert slots_taken(ledger) == before


def test_an_item_that_counts_moves_the_next_slot_by_one(ledger: Ledger) -> None:
    an_item(ledger, counts=True)
    before = slots_taken(ledger)
    an_item(ledger, counts=True)
    assert slots_taken(ledger) - before == microseconds(Pace(LIMIT).interval)


def test_items_of_a_call_that_counts_as_one_take_no_slot(ledger: Ledger) -> None:
    for _ in range(50):
        an_item(ledger, counts=False)
    assert slots_taken(ledger) == 0


@pytest.mark.parametrize("counts", [True, False])
def test_no_item_goes_with_a_lease_that_ends_too_soon(ledger: Ledger, counts: bool) -> None:
    with within_lease(timedelta(seconds=79)), pytest.raises(Unavailable, match="lease"):
        an_item(ledger, counts=counts)
    assert slots_taken(ledger) == 0
    with within_lease(timedelta(seconds=90)):
        an_item(ledger, counts=counts)
