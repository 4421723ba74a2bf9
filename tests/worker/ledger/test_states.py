"""The seven states: which moves there are, and who refuses the others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.worker.ledger.conftest import NOW
from worker.ledger import leases, requests
from worker.ledger.database import Ledger, LedgerError
from worker.ledger.requests import PersonBusy
from worker.ledger.schema import moves
from worker.ledger.schema import requests as table
from worker.ledger.states import MOVES, ForbiddenMove, State

LEASE = timedelta(minutes=3)


def test_the_databases_table_of_moves_is_the_programs(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        kept = {(row.before, row.after) for row in connection.execute(select(moves))}
    assert kept == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}


@pytest.mark.parametrize("before", State)
def test_a_move_that_is_not_in_the_table_is_refused_by_the_database_itself(
    ledger: Ledger, file: Callable[..., int], before: State
) -> None:
    key = file()
    with ledger.writing() as connection:  # an UPDATE couldn't bring it there
        row = connection.execute(select(table).where(table.c.id == key)).one()._asdict()
        connection.execute(delete(table))
        connection.execute(insert(table).values({**row, "state": before}))
    moved = {after for after in State if moves_to(ledger, key, after)}
    assert moved == MOVES[before] | {before}


def moves_to(ledger: Ledger, key: int, after: State) -> bool:
    """Whether the database lets the request be moved; it is left where it was."""
    try:
        with ledger.writing() as connection:
            connection.execute(update(table).where(table.c.id == key).values(state=after))
            connection.rollback()
    except (DBAPIError, LedgerError):
        return False
    return True


@given(st.lists(st.sampled_from(list(State)), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_walk_through_the_states_keeps_to_the_table(
    ledger: Ledger, file: Callable[..., int], walk: list[State]
) -> None:
    with ledger.writing() as connection:
        connection.execute(table.delete())
    claim = leases.claim(ledger, file(), owner="w", lease=LEASE, due_by=None)
    assert claim is not None
    for wanted in walk:
        before = claim.request.state
        if wanted is before or wanted in MOVES[before]:
            claim = requests.move(ledger, claim, wanted, NOW, event="walked")
            assert claim.request.state is wanted
        else:
            with pytest.raises(ForbiddenMove, match=f"^{before} can't become {wanted}$"):
                requests.move(ledger, claim, wanted, NOW, event="walked")
            with ledger.reading() as connection:
                assert leases.fresh(connection, claim).request.state is before


def test_a_person_has_one_busy_request_at_a_time(ledger: Ledger, file: Callable[..., int]) -> None:
    one, other = (leases.claim(ledger, file(t), owner="w", lease=LEASE, due_by=None) for t in ("a", "b"))
    assert one is not None
    assert other is not None
    one = requests.move(ledger, one, State.ACTING, NOW, event="decided")
    with pytest.raises(PersonBusy, match=f"^{other.request.number}$"):
        requests.move(ledger, other, State.ACTING, NOW, event="decided")
    requests.move(ledger, one, State.CLOSED, NOW, event="closed")
    assert requests.move(ledger, other, State.ACTING, NOW, event="decided").request.state is State.ACTING


def test_another_broken_rule_of_the_database_is_no_busy_person(ledger: Ledger, file: Callable[..., int]) -> None:
    one, _ = (leases.claim(ledger, file(t), owner="w", lease=LEASE, due_by=None) for t in ("a", "b"))
    assert one is not None
    with pytest.raises(IntegrityError):
        requests.move(ledger, one, State.HELD, NOW, event="held", ticket_id="b")
    with ledger.reading() as connection:
        assert leases.fresh(connection, one).request.state is State.NEW
