"""One runner at a time, and nothing written by whoever comes back late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from tests.worker.ledger.conftest import NOW
from worker.ledger import leases, requests, seen, steps
from worker.ledger.database import Ledger
from worker.ledger.leases import Claim, LeaseLost
from worker.ledger.rows import Planned
from worker.ledger.schema import events, made_phones
from worker.ledger.schema import requests as table
from worker.ledger.schema import steps as step_table
from worker.ledger.states import State

LEASE = timedelta(minutes=3)


def claim(ledger: Ledger, key: int, owner: str) -> Claim | None:
    return leases.claim(ledger, key, owner=owner, lease=LEASE, due_by=NOW)


def expire(ledger: Ledger, key: int) -> None:
    with ledger.writing() as connection:
        connection.execute(update(table).where(table.c.id == key).values(lease_until=1))


def test_a_request_that_somebody_has_is_claimed_by_nobody_else(ledger: Ledger, file: Callable[..., int]) -> None:
    key = file()
    first = claim(ledger, key, "one")
    assert first is not None
    assert claim(ledger, key, "two") is None
    leases.release(ledger, first)
    assert claim(ledger, key, "two") is not None


def test_a_claim_knows_the_latest_reading_of_its_own_ticket(ledger: Ledger, file: Callable[..., int]) -> None:
    first, second, third = file("t1"), file("t2"), file("t3")
    with ledger.writing() as connection:
        for ticket, stamp in (("t2", "of two"), ("t1", "of one")):
            seen.put(connection, "servicenow", ticket, stamp, NOW)
    stamps = [found.stamp for key in (first, second, third) if (found := claim(ledger, key, "one"))]
    assert stamps == ["of one", "of two", None]


def test_what_else_must_hold_is_asked_in_the_transaction_that_renews(ledger: Ledger, file: Callable[..., int]) -> None:
    held = claim(ledger, file(), "one")
    assert held is not None
    seen_by: list[object] = []

    def first(connection: Connection) -> None:
        seen_by.append(connection.execute(select(table.c.id)).scalar_one())

    leases.renew(ledger, held, first=first)
    assert seen_by == [held.request.id]


def test_a_request_that_is_not_due_is_not_claimed(ledger: Ledger, file: Callable[..., int]) -> None:
    key = file()
    held = claim(ledger, key, "one")
    assert held is not None
    requests.postpone(ledger, held, NOW + timedelta(seconds=1), "something", NOW)
    leases.release(ledger, held)
    assert claim(ledger, key, "one") is None
    assert leases.claim(ledger, key, owner="one", lease=LEASE, due_by=NOW + timedelta(seconds=1)) is not None


def test_a_change_seen_while_a_request_is_worked_on_is_not_slept_through(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    key = file()
    held = claim(ledger, key, "one")
    assert held is not None
    with ledger.writing() as connection:
        requests.changed(connection, held.request, NOW, edited=None, edited_at=None)
    requests.postpone(ledger, held, None, "nothing more", NOW)
    leases.release(ledger, held)
    assert [each.id for each in requests.due(ledger, NOW, limit=5)] == [key]


def test_a_request_found_waiting_for_what_came_meanwhile_is_looked_at_again_at_once(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    key = file()
    held = claim(ledger, key, "one")
    assert held is not None
    with ledger.writing() as connection:
        requests.wake_held_up(connection, "directory-stale", NOW)
    later = NOW + timedelta(minutes=1)
    requests.postpone(ledger, held, later, "the groups", NOW, wait_row="directory-stale")
    leases.release(ledger, held)
    assert [each.id for each in requests.due(ledger, NOW, limit=5)] == [key]


def test_what_a_dead_worker_held_is_free_after_a_restart_and_a_commands_claim_is_not(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    one, two = file("a", "p1"), file("b", "p2")
    claim(ledger, one, "worker:host:1")
    claim(ledger, two, "command:host:2")
    assert leases.release_all(ledger, "worker:") == 1
    assert [each.id for each in requests.due(ledger, NOW, limit=5)] == [one]


def test_a_tick_that_must_run_once_is_taken_over_only_when_its_lease_has_ended(ledger: Ledger) -> None:
    assert leases.hold(ledger, "poll", owner="one", lease=LEASE)
    assert leases.hold(ledger, "poll", owner="one", lease=LEASE)
    assert not leases.hold(ledger, "poll", owner="two", lease=LEASE)
    assert leases.hold(ledger, "directory", owner="two", lease=-LEASE)
    assert leases.hold(ledger, "directory", owner="one", lease=LEASE)


def write(ledger: Ledger, holder: Claim, how: str) -> None:
    """One of all the ways in which a worker writes about a request that it has."""
    *_, step = steps.of(ledger, holder.request.id)
    match how:
        case "begins":
            steps.begin(ledger, holder, step, {"key": "k"}, NOW)
        case "takes back":
            steps.not_sent(ledger, holder, step)
        case "ends":
            steps.end(ledger, holder, step, NOW, result={}, made_phone="DP1", delivered_at=NOW)
        case "was refused":
            steps.refused(ledger, holder, step, "no", NOW)
        case "moves":
            requests.move(ledger, holder, holder.request.state, NOW, event="again", plan=[Planned("take")])
        case "postpones":
            requests.postpone(ledger, holder, NOW, "something", NOW)
        case "remembers":
            requests.remember(ledger, holder, how="so")
        case "renews":
            leases.renew(ledger, holder)
        case _:
            requests.record(ledger, holder, NOW, "wrote")


WAYS = ["begins", "takes back", "ends", "was refused", "postpones", "remembers", "renews", "moves", "records"]
PLACES = st.sampled_from(["one", "two", "three"])
EVENTS = st.one_of(
    st.tuples(PLACES, st.sampled_from(["claims", "releases", "drops"])),
    st.tuples(PLACES, st.sampled_from(WAYS)),
    st.just(("", "expires")),
)


def contents(ledger: Ledger) -> list[object]:
    """All that a late worker could have written."""
    with ledger.reading() as connection:
        return [list(connection.execute(select(each))) for each in (table, step_table, events, made_phones)]


@given(st.lists(EVENTS, max_size=16), st.booleans())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_interleaving_only_the_latest_holder_of_a_living_lease_writes(
    ledger: Ledger, file: Callable[..., int], story: list[tuple[str, str]], same_name: bool
) -> None:
    """Also where the three are one owner: a process comes back late to a claim of its own."""
    with ledger.writing() as connection:
        connection.execute(table.delete())
    key = file()
    first = claim(ledger, key, "first")
    assert first is not None
    leases.release(ledger, requests.move(ledger, first, State.ACTING, NOW, event="decided", plan=[Planned("take")]))
    claims: dict[str, Claim] = {}
    holder = ""  # who may write
    for who, act in story:
        before = contents(ledger)
        if act == "claims":
            taken = claim(ledger, key, "worker" if same_name else who)
            assert (taken is not None) is (holder == "")
            if taken is not None:
                claims[who], holder = taken, who
        elif act == "expires":
            expire(ledger, key)
            holder = ""
        elif who in claims and act in ("releases", "drops"):
            (leases.release if act == "releases" else leases.drop)(ledger, claims[who])
            assert holder == who or contents(ledger) == before, "it was somebody else's"
            holder = "" if holder == who else holder
        elif who in claims and holder == who:
            write(ledger, claims[who], act)
            holder = "" if act == "postpones" else holder
        elif who in claims:
            with pytest.raises(LeaseLost):
                write(ledger, claims[who], act)
            assert contents(ledger) == before, "nothing of it was written"


def test_a_late_worker_ends_no_step(ledger: Ledger, file: Callable[..., int]) -> None:
    key = file()
    late = claim(ledger, key, "late")
    assert late is not None
    late = requests.move(ledger, late, State.ACTING, NOW, event="decided", plan=[Planned("take")])
    (step,) = steps.of(ledger, key)
    steps.begin(ledger, late, step, {"key": "k"}, NOW)
    expire(ledger, key)
    assert claim(ledger, key, "other") is not None
    with pytest.raises(LeaseLost):
        steps.end(ledger, late, step, NOW, result={})
    assert [row.state for row in steps.of(ledger, key)] == ["begun"]
