"""A slot of a budget, taken in the transaction that begins a step, for the first call of that step."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.errors import Misconfigured, Unavailable
from connectors.gate import BudgetSpent
from tests.builders import NOW
from worker.brakes import pause_system, resume
from worker.gates import LATE, Slot, Turnstile, gate
from worker.ledger.budget import Pace
from worker.ledger.database import Ledger
from worker.ledger.schema import budgets

LIMIT = 240
BURST = Pace(LIMIT).burst


def a_turnstile(ledger: Ledger, calls_per_minute: int = LIMIT) -> Turnstile:
    second = timedelta(seconds=1)
    return gate(ledger, "duo", calls_per_minute=calls_per_minute, timeout=second, stop=threading.Event())


def next_slot(ledger: Ledger, system: str = "duo") -> int:
    """In microseconds; 0: none was ever taken."""
    with ledger.reading() as connection:
        return connection.execute(select(budgets.c.next_slot).where(budgets.c.system == system)).scalar() or 0


def taken(ledger: Ledger, turnstile: Turnstile) -> Slot:
    slot = Slot(turnstile)
    with ledger.writing() as connection:
        slot.take(connection)
    return slot


@contextmanager
def one_more_is_taken(ledger: Ledger) -> Iterator[None]:
    before = next_slot(ledger)
    yield
    assert next_slot(ledger) > before


@contextmanager
def none_is_taken(ledger: Ledger) -> Iterator[None]:
    before = next_slot(ledger)
    yield
    assert next_slot(ledger) == before


def test_the_first_call_has_the_slot_and_the_second_takes_one_of_its_own(ledger: Ledger) -> None:
    turnstile = a_turnstile(ledger)
    with one_more_is_taken(ledger):
        slot = taken(ledger, turnstile)
    with slot.lent():
        with none_is_taken(ledger):
            turnstile()
        with one_more_is_taken(ledger):
            turnstile()


def test_a_call_to_another_system_or_of_a_kind_or_after_the_step_takes_its_own(ledger: Ledger) -> None:
    turnstile, same_system = a_turnstile(ledger), a_turnstile(ledger)
    slot = taken(ledger, turnstile)
    with slot.lent(), one_more_is_taken(ledger):
        same_system()
    with one_more_is_taken(ledger):
        turnstile()
    with slot.lent():
        turnstile("search")
    assert next_slot(ledger, "duo search")
    with slot.lent(), none_is_taken(ledger):
        turnstile()


def test_no_more_calls_are_made_than_without_it(ledger: Ledger) -> None:
    turnstile = a_turnstile(ledger)
    began = time.monotonic()
    for _ in range(BURST + 3):
        with taken(ledger, turnstile).lent():
            turnstile()
    assert time.monotonic() - began >= 2 * Pace(LIMIT).interval.total_seconds() - 0.05


def test_a_slot_that_comes_later_is_waited_for(ledger: Ledger) -> None:
    turnstile = a_turnstile(ledger)
    for _ in range(BURST + 1):
        turnstile()
    slot, began = taken(ledger, turnstile), time.monotonic()
    with slot.lent():
        turnstile()
    assert time.monotonic() - began >= 0.8 * Pace(LIMIT).interval.total_seconds()


def test_one_used_too_late_is_lost(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    turnstile = a_turnstile(ledger)
    slot, later = taken(ledger, turnstile), time.monotonic() + LATE.total_seconds() + 0.1
    monkeypatch.setattr("worker.gates.time.monotonic", lambda: later)
    with slot.lent(), one_more_is_taken(ledger):
        turnstile()


def test_where_the_step_is_not_begun_it_was_not_taken(ledger: Ledger) -> None:
    with none_is_taken(ledger), pytest.raises(ZeroDivisionError):
        begun_in_vain(ledger, Slot(a_turnstile(ledger)))


def begun_in_vain(ledger: Ledger, slot: Slot) -> None:
    with ledger.writing() as connection:
        slot.take(connection)
        raise ZeroDivisionError


def test_of_a_spent_budget_none_is_taken_and_the_call_says_so(ledger: Ledger) -> None:
    slow = a_turnstile(ledger, calls_per_minute=2)
    slow()
    with none_is_taken(ledger):
        slot = taken(ledger, slow)
    with slot.lent(), pytest.raises(BudgetSpent, match="used up"):
        slow()


def test_of_a_paused_system_none_is_taken_and_the_call_says_why(ledger: Ledger) -> None:
    turnstile = a_turnstile(ledger)
    pause_system(ledger, "duo", NOW, "a wrong key", seen={"duo": 0})
    with none_is_taken(ledger):
        slot = taken(ledger, turnstile)
    with slot.lent(), pytest.raises(Misconfigured, match="a wrong key"):
        turnstile()


def test_of_a_system_resumed_since_none_is_taken_by_who_read_its_secrets_before(ledger: Ledger) -> None:
    before = a_turnstile(ledger)
    pause_system(ledger, "duo", NOW, "a wrong key", seen={"duo": 0})
    resume(ledger, NOW)
    with none_is_taken(ledger):
        slot = taken(ledger, before)
    with slot.lent(), pytest.raises(Unavailable, match="read again"):
        before()
    with one_more_is_taken(ledger):
        taken(ledger, a_turnstile(ledger))


def test_without_a_turnstile_there_is_none(ledger: Ledger) -> None:
    with none_is_taken(ledger):
        slot = Slot(None)
        with ledger.writing() as connection:
            slot.take(connection)
    with slot.lent(), one_more_is_taken(ledger):
        a_turnstile(ledger)()
