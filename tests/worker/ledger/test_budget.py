"""Calls a minute, as the other side counts them."""

from bisect import bisect_left
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from worker.ledger import budget
from worker.ledger.budget import LAG, LONGEST_WAIT, WINDOW, Pace
from worker.ledger.columns import microseconds
from worker.ledger.database import Ledger
from worker.ledger.schema import budgets

LIMITS = (1, 2, 10, 60, 100, 120, 240, 3000)


def slots(pace: Pace, count: int) -> list[float]:
    """When the slots of a busy system come, after a pause long enough for the whole burst."""
    step = pace.interval.total_seconds()
    return [max(0, place - pace.burst) * step for place in range(count)]


@pytest.mark.parametrize("limit", LIMITS)
@given(lags=st.lists(st.floats(0, LAG.total_seconds()), min_size=8, max_size=8))
@settings(max_examples=30, deadline=None)
def test_no_minute_of_arrivals_holds_more_than_the_limit(limit: int, lags: list[float]) -> None:
    granted = slots(Pace(limit), 3 * limit + 5)
    arrived = sorted(at + lags[place % len(lags)] for place, at in enumerate(granted))
    for place, first in enumerate(arrived):
        within = bisect_left(arrived, first + WINDOW.total_seconds()) - place
        assert within <= limit


@pytest.mark.parametrize("limit", [limit for limit in LIMITS if limit >= 60])
def test_nine_tenths_of_the_limit_are_used_when_there_is_work(limit: int) -> None:
    assert WINDOW / Pace(limit).interval >= 0.9 * limit


def test_calls_are_spaced_evenly_after_a_small_burst(ledger: Ledger) -> None:
    pace = Pace(60)
    taken: list[int] = []
    for _ in range(8):
        budget.take(ledger, "duo", pace)
        with ledger.reading() as connection:
            taken.append(connection.execute(select(budgets.c.next_slot)).scalar_one())
    assert {later - earlier for earlier, later in pairwise(taken)} == {microseconds(pace.interval)}


def test_a_slot_further_off_than_ten_seconds_is_not_taken(ledger: Ledger) -> None:
    pace = Pace(10)
    grants = [budget.take(ledger, "duo", pace) for _ in range(4)]
    assert [grant.granted for grant in grants] == [True, True, False, False]
    assert grants[2].wait > LONGEST_WAIT
    assert abs(grants[3].wait - grants[2].wait) < timedelta(seconds=1)


def test_the_other_sides_own_pause_is_kept_by_everybody(ledger: Ledger) -> None:
    budget.rest(ledger, "duo", timedelta(seconds=30))
    budget.rest(ledger, "duo", timedelta(seconds=5))
    refused = budget.take(ledger, "duo", Pace(240))
    assert not refused.granted
    assert refused.wait > timedelta(seconds=25)
    assert budget.take(ledger, "servicenow", Pace(240)).granted


def test_how_long_a_system_rests_is_told_without_taking_a_slot(ledger: Ledger) -> None:
    budget.rest(ledger, "duo", timedelta(seconds=30))
    budget.take(ledger, "servicenow", Pace(240))
    with ledger.reading() as connection:
        before = connection.execute(select(budgets).order_by(budgets.c.system)).all()
        assert timedelta(seconds=25) < budget.rests(ledger, connection, "duo") <= timedelta(seconds=30)
        assert budget.rests(ledger, connection, "servicenow") == timedelta()
        assert budget.rests(ledger, connection, "never called") == timedelta()
        assert connection.execute(select(budgets).order_by(budgets.c.system)).all() == before


def test_a_clock_that_was_set_back_costs_a_minute_and_no_call_too_many(ledger: Ledger) -> None:
    pace = Pace(240)
    budget.take(ledger, "duo", pace)
    hour = 3600 * 1_000_000
    with ledger.writing() as connection:
        connection.execute(update(budgets).values(next_slot=budgets.c.next_slot + hour))
    grant = budget.take(ledger, "duo", pace)
    assert not grant.granted
    assert WINDOW <= grant.wait <= WINDOW + LAG
    assert budget.take(ledger, "duo", pace).wait <= WINDOW + LAG
