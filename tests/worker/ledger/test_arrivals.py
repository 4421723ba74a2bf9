"""Calls a minute as the other side counts them: several processes on one ledger, calls that arrive late, odd clocks.

Time is simulated: each caller asks the real budget on a real ledger whose clock the test sets.
"""

import heapq
import random
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, Final

import pytest
from sqlalchemy import BigInteger, delete, insert, literal, update

from tests.postgres import Databases
from worker.ledger import budget
from worker.ledger.budget import LAG, PATIENCE, WINDOW, Grant, Pace
from worker.ledger.columns import microseconds
from worker.ledger.database import Ledger
from worker.ledger.migrate import open_ledger
from worker.ledger.schema import budgets
from worker.ledger.seal import Keys

CALLERS: Final = 6  # three processes with two threads each that always have work
BEGIN: Final = 1_800_000_000.0
HOUR: Final = 3600.0
ANSWERED: Final = 0.1


@dataclass
class Moments:
    """True time in seconds, and how far the database's clock is off it."""

    at: float = BEGIN
    off: float = 0.0


@dataclass(frozen=True)
class Simulated(Ledger):
    """A ledger that takes the time from the test."""

    moments: Moments = field(default_factory=Moments)

    @property
    def now(self) -> Any:
        return literal(int((self.moments.at + self.moments.off) * 1_000_000), BigInteger)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty ledger, on each of the two databases."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("arrivals") / "ledger.db"
        file.write_bytes(request.getfixturevalue("made").read_bytes())
        yield f"sqlite:///{file}"
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.make(request.getfixturevalue("made_on_postgresql"))
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def simulated(copied: str, keys: Keys) -> Iterator[Simulated]:
    opened = open_ledger(copied, keys)
    yield Simulated(opened.engine, opened.keys)
    opened.engine.dispose()


def arrivals(
    ledger: Simulated,
    limit: int,
    seconds: float,
    chance: random.Random,
    jumps: dict[float, float] | None = None,
    late: float = 1.0,
) -> list[float]:
    """When calls arrived, of callers that call again as soon as they may; `jumps` of the clock are by true time."""
    pace, moments, due = Pace(limit), ledger.moments, sorted((jumps or {}).items())
    with ledger.writing() as connection:
        connection.execute(delete(budgets))
    moments.at, moments.off = BEGIN, 0.0
    waiting = [(BEGIN + place / 100, place) for place in range(CALLERS)]
    arrived: list[float] = []
    while waiting[0][0] < BEGIN + seconds:
        moments.at, caller = heapq.heappop(waiting)
        while due and moments.at >= BEGIN + due[0][0]:
            moments.off += due.pop(0)[1]
        grant = budget.take(ledger, "duo", pace)
        wait = grant.wait.total_seconds()
        if grant.granted:
            sent = moments.at + wait
            held_up = sent < BEGIN + LAG.total_seconds()  # the worst: the first second's calls arrive at its end
            arrived.append(BEGIN + LAG.total_seconds() if held_up else sent + chance.uniform(0, late))
            heapq.heappush(waiting, (arrived[-1] + ANSWERED, caller))
        else:
            heapq.heappush(waiting, (moments.at + min(wait, 5.0), caller))
    return sorted(arrived)


def most_in_a_minute(arrived: list[float]) -> int:
    """Of all spans of 60 seconds."""
    return max(bisect_left(arrived, first + WINDOW.total_seconds()) - place for place, first in enumerate(arrived))


@pytest.mark.parametrize("limit", [60, 120, 240])
def test_not_even_the_worst_second_of_lag_brings_a_call_too_many(simulated: Simulated, limit: int) -> None:
    assert most_in_a_minute(arrivals(simulated, limit, 70, random.Random(limit), late=0.0)) <= limit


@pytest.mark.parametrize("limit", [60, 120, 240])
def test_no_minute_holds_more_than_the_limit_and_nine_tenths_are_used(simulated: Simulated, limit: int) -> None:
    arrived = arrivals(simulated, limit, 200, random.Random(limit))
    assert most_in_a_minute(arrived) <= limit
    used = [at for at in arrived if BEGIN + 10 <= at < BEGIN + 190]
    assert len(used) >= 0.9 * limit * 3


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("back", [2.0, 45.0, HOUR], ids=lambda back: f"{back:.0f} s")
def test_a_clock_set_back_brings_no_call_too_many_and_two_minutes_later_all_is_as_before(
    simulated: Simulated, back: float, seed: int
) -> None:
    limit, chance = 120, random.Random(seed)
    jump = chance.uniform(30, 90)
    arrived = arrivals(simulated, limit, 260, chance, {jump: -back})
    assert most_in_a_minute(arrived) <= limit
    assert len([at for at in arrived if BEGIN + 190 <= at < BEGIN + 250]) >= 0.9 * limit


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_set_forward_brings_a_few_calls_too_many_and_no_more(simulated: Simulated, seed: int) -> None:
    """It can't be told from time in which nobody called: docs/known-limits.md."""
    chance = random.Random(seed)
    arrived = arrivals(simulated, 120, 200, chance, {chance.uniform(30, 90): HOUR})
    assert most_in_a_minute(arrived) <= 120 + CALLERS + Pace(120).burst


def test_the_furthest_slot_that_could_be_granted_is_no_sign_of_a_clock_set_back(simulated: Simulated) -> None:
    pace = Pace(10)
    furthest = PATIENCE + pace.interval
    now = int((simulated.moments.at + simulated.moments.off) * 1_000_000)
    with simulated.writing() as connection:
        connection.execute(insert(budgets).values(system="far", next_slot=now + microseconds(furthest), not_before=0))
    assert budget.take(simulated, "far", pace) == Grant(False, furthest)
    with simulated.writing() as connection:
        late = now + microseconds(furthest + LAG) + 1
        connection.execute(update(budgets).where(budgets.c.system == "far").values(next_slot=late))
    assert budget.take(simulated, "far", pace) == Grant(False, WINDOW + LAG)


def test_a_pause_that_the_other_side_asked_for_is_kept_by_every_caller(simulated: Simulated) -> None:
    assert arrivals(simulated, 120, 30, random.Random(7))
    asked = simulated.moments.at
    budget.rest(simulated, "duo", 2 * WINDOW)
    for seconds in range(0, 119, 7):
        simulated.moments.at = asked + seconds
        grant = budget.take(simulated, "duo", Pace(120))
        assert not grant.granted or seconds + grant.wait.total_seconds() >= 120
    simulated.moments.at = asked + 121
    assert budget.take(simulated, "duo", Pace(120)).granted


def take_for(url: str, key: str, seconds: float, limit: int) -> list[float]:
    """In a process of its own: when calls were sent, by a clock that all processes of a machine share."""
    ledger = open_ledger(url, Keys([key]))
    end, sent, pause = time.monotonic() + seconds, list[float](), threading.Event()
    while time.monotonic() < end:
        grant = budget.take(ledger, "duo", Pace(limit))
        pause.wait(grant.wait.total_seconds())
        if grant.granted:
            sent.append(time.monotonic())
    ledger.engine.dispose()
    return sent


@pytest.mark.long
def test_three_processes_together_keep_the_pace_of_one(simulated: Simulated, copied: str, keys: Keys) -> None:
    """In real time, and so on a span that is a twelfth of a minute."""
    limit, seconds = 600, 8.0
    with simulated.writing() as connection:
        connection.execute(delete(budgets))
    key = keys._keys[0].raw.decode()
    with get_context("spawn").Pool(3) as pool:
        asked = [(copied, key, seconds, limit)] * 3
        parts = pool.starmap(take_for, asked, chunksize=1)
    assert all(len(part) > 5 for part in parts), "each of them got its share"
    sent = sorted(at for part in parts for at in part)
    pace = Pace(limit)
    span = (WINDOW / 12).total_seconds()
    for place, first in enumerate(sent):
        within = bisect_left(sent, first + span) - place
        assert within <= (span + LAG.total_seconds()) / pace.interval.total_seconds() + pace.burst + 1
    assert len(sent) >= 0.9 * limit / 60 * (sent[-1] - sent[0])
