"""Many at once on one ledger: whatever they all try, what may happen once happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

from sqlalchemy import func, select

from tests.worker.ledger.conftest import NOW
from worker.ledger import budget, leases, requests, steps
from worker.ledger.budget import Pace
from worker.ledger.database import Ledger
from worker.ledger.requests import Filed, PersonBusy
from worker.ledger.rows import Planned
from worker.ledger.schema import budgets, events
from worker.ledger.schema import requests as table
from worker.ledger.states import State
from worker.ledger.steps import Cap, CapReached

LEASE = timedelta(minutes=3)
MANY = 6
Answer = TypeVar("Answer")


def together(act: Callable[[int], Answer]) -> list[Answer]:
    """What each of MANY gets that do it at the same moment."""
    ready = Barrier(MANY)

    def one(place: int) -> Answer:
        ready.wait(10)
        return act(place)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_one_of_many_claims_a_request(ledger: Ledger, file: Callable[..., int]) -> None:
    key = file()
    got = together(lambda place: leases.claim(ledger, key, owner=f"w{place}", lease=LEASE, due_by=NOW))
    assert len([claim for claim in got if claim is not None]) == 1


def test_one_of_many_gets_a_lease_that_nobody_had(ledger: Ledger) -> None:
    assert together(lambda place: leases.hold(ledger, "ticks", owner=f"w{place}", lease=LEASE)).count(True) == 1


def test_a_ticket_that_many_looks_find_at_once_is_one_request(ledger: Ledger) -> None:
    filed = Filed("servicenow", "t", "SCTASK1", (), "p", "p", "p", NOW, "digest", "")

    def look(_: int) -> None:
        with ledger.writing() as connection:
            if requests.by_ticket(connection, "servicenow", "t") is None:
                requests.add(connection, filed, NOW)

    together(look)
    with ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(events)).scalar_one() == 1


def test_no_slot_of_a_budget_is_given_twice_however_it_began(ledger: Ledger) -> None:
    pace = Pace(240)
    with ledger.reading() as connection:
        begun = connection.execute(select(ledger.now)).scalar_one()
    grants = together(lambda _: [budget.take(ledger, "duo", pace) for _ in range(3)])
    assert all(grant.granted for some in grants for grant in some)
    with ledger.reading() as connection:
        (row,) = connection.execute(select(budgets)).all()
    taken = (row.next_slot - begun) / (pace.interval / timedelta(microseconds=1))
    assert taken >= 3 * MANY - pace.burst - 0.01


def test_no_cap_is_passed_by_many_at_once(ledger: Ledger, file: Callable[..., int]) -> None:
    cap = Cap("codes an hour", ("code_in_push",), 2)
    keys = [file(f"t{place}", f"p{place}") for place in range(MANY)]

    def begin(place: int) -> bool:
        claim = leases.claim(ledger, keys[place], owner=f"w{place}", lease=LEASE, due_by=None)
        assert claim is not None
        claim = requests.move(ledger, claim, State.ACTING, NOW, event="decided", plan=[Planned("code_in_push")])
        (step,) = steps.of(ledger, keys[place])
        try:
            steps.begin(ledger, claim, step, {}, NOW, cap=cap)
        except CapReached:
            return False
        return True

    assert together(begin).count(True) == 2


def test_one_of_a_persons_many_requests_gets_busy(ledger: Ledger, file: Callable[..., int]) -> None:
    keys = [file(f"t{place}", "p") for place in range(MANY)]

    def decide(place: int) -> bool:
        claim = leases.claim(ledger, keys[place], owner=f"w{place}", lease=LEASE, due_by=None)
        assert claim is not None
        try:
            requests.move(ledger, claim, State.ACTING, NOW, event="decided")
        except PersonBusy:
            return False
        return True

    assert together(decide).count(True) == 1


def test_a_look_sees_one_moment_whatever_is_written_meanwhile(ledger: Ledger, file: Callable[..., int]) -> None:
    counted = select(func.count()).select_from(table)
    file("t1", "p1")
    with ledger.reading() as connection:
        before = connection.execute(counted).scalar_one()
        file("t2", "p2")
        assert connection.execute(counted).scalar_one() == before == 1


def test_a_character_that_postgresql_cant_keep_is_replaced(ledger: Ledger, file: Callable[..., int]) -> None:
    file("t\0", "p")
    with ledger.reading() as connection:
        found = requests.by_ticket(connection, "servicenow", "t\0")
    assert found is not None
    assert found.ticket_id == "t�"
