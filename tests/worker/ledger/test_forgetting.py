"""What the ledger keeps, and for how long."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from tests.worker.ledger.conftest import NOW
from worker.ledger import history, leases, requests, resets
from worker.ledger.database import Ledger
from worker.ledger.forgetting import forget
from worker.ledger.rows import Planned
from worker.ledger.schema import events, steps
from worker.ledger.states import State

KEEP = timedelta(days=400)


def ended(ledger: Ledger, key: int, state: State) -> None:
    claim = leases.claim(ledger, key, owner="w", lease=timedelta(minutes=3), due_by=None)
    assert claim is not None
    claim = requests.move(ledger, claim, state, NOW, event="ended", plan=[Planned("tell_held")])
    requests.postpone(ledger, claim, None, "", NOW)
    leases.release(ledger, claim)


def test_a_request_that_ended_is_dropped_with_its_story_when_its_time_is_over(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    ended(ledger, file(), State.HELD)
    assert forget(ledger, NOW + KEEP, KEEP) == 0
    assert forget(ledger, NOW + KEEP + timedelta(seconds=1), KEEP) == 1
    with ledger.reading() as connection:
        assert connection.execute(select(steps.c.id)).all() == []
        assert connection.execute(select(events.c.id)).all() == []


def test_a_password_reset_is_kept_as_long(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        resets.put(connection, "servicenow", "r1", "p1", NOW)
    for now, kept in ((NOW + KEEP, True), (NOW + KEEP + timedelta(seconds=1), False)):
        forget(ledger, now, KEEP)
        with ledger.reading() as connection:
            assert history.password_reset(connection, "servicenow", "p1", NOW) is kept


def test_what_has_something_left_to_do_is_not_dropped(ledger: Ledger, file: Callable[..., int]) -> None:
    ended(ledger, key := file(), State.HELD)
    claim = leases.claim(ledger, key, owner="w", lease=timedelta(minutes=3), due_by=None)
    assert claim is not None
    requests.postpone(ledger, claim, NOW + 3 * KEEP, "a system that is down", NOW)
    assert forget(ledger, NOW + 2 * KEEP, KEEP) == 0


def test_what_is_not_settled_is_never_dropped(ledger: Ledger, file: Callable[..., int]) -> None:
    file("a", "p1")
    ended(ledger, file("b", "p2"), State.UNSURE)
    assert forget(ledger, NOW + 2 * KEEP, KEEP) == 0
