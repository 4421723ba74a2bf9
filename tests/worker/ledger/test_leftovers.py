"""Which requests the reconciler is given."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import DAY, MINUTE, SECOND, add, asleep, begun, claimed, moved, read
from worker.ledger import events, leases, leftovers, requests, steps, views
from worker.ledger.database import Ledger
from worker.ledger.leftovers import REMEMBERED
from worker.ledger.rows import Planned, Request
from worker.ledger.states import State

CODE, UNDO, CHECKED = "code_in_push", "revoke_code", "looked"


def tickets(found: Sequence[Request]) -> list[str]:
    return [request.ticket_id for request in found]


def with_a_code(ledger: Ledger, ticket: str, at: datetime = NOW) -> int:
    """A request for which a code was begun then."""
    moved(ledger, key := add(ledger, ticket, at), State.ACTING, CODE, at=at)
    begun(ledger, key, CODE, at)
    return key


def happened(ledger: Ledger, key: int, name: str, at: datetime) -> None:
    with ledger.writing() as connection:
        events.note(connection, key, name, at)


def ended(ledger: Ledger, *, after: datetime = NOW - DAY, until: datetime = NOW + DAY, limit: int = 9) -> list[str]:
    with ledger.reading() as connection:
        found = leftovers.ended(connection, CODE, {UNDO}, CHECKED, after=after, until=until, limit=limit)
    return tickets(found)


@pytest.mark.parametrize("state", [State.HELD, State.UNSURE, State.REFUSED, State.CLOSED])
def test_whatever_ended_after_a_code_was_begun_is_looked_at(ledger: Ledger, state: State) -> None:
    moved(ledger, with_a_code(ledger, "a"), state)
    with_a_code(ledger, "under way")
    moved(ledger, key := add(ledger, "no code"), State.ACTING, CODE)
    moved(ledger, key, state)
    moved(ledger, key := add(ledger, "another step"), State.ACTING, "notice")
    begun(ledger, key, "notice")
    moved(ledger, key, state)
    assert ended(ledger) == ["a"]


def test_what_ended_is_looked_at_by_when_it_ended(ledger: Ledger) -> None:
    for ticket, at in (("a", NOW + 2 * SECOND), ("b", NOW + SECOND), ("c", NOW + SECOND), ("d", NOW)):
        moved(ledger, with_a_code(ledger, ticket), State.HELD, at=at)
    assert ended(ledger, after=NOW, until=NOW + 2 * SECOND) == ["b", "c", "a"]
    assert ended(ledger, until=NOW + SECOND) == ["d", "b", "c"]
    assert ended(ledger, limit=2) == ["d", "b"]


def test_what_is_about_to_undo_something_is_left_to_do_so(ledger: Ledger) -> None:
    moved(ledger, planned := with_a_code(ledger, "planned"), State.HELD, UNDO)
    moved(ledger, key := with_a_code(ledger, "begun"), State.HELD, UNDO)
    begun(ledger, key, UNDO)
    moved(ledger, with_a_code(ledger, "telling"), State.HELD, "tell_held")
    assert ended(ledger) == ["telling"]
    claim = claimed(ledger, planned)
    steps.end(ledger, claim, steps.of(ledger, planned)[-1], NOW, result={})
    leases.release(ledger, claim)
    assert ended(ledger) == ["planned", "telling"]


def test_what_was_looked_at_since_it_ended_is_not_looked_at_again(ledger: Ledger) -> None:
    for ticket, name, at in (
        ("since", CHECKED, NOW), ("before", CHECKED, NOW - SECOND), ("otherwise", "another", NOW + SECOND),
    ):  # fmt: skip
        moved(ledger, key := with_a_code(ledger, ticket), State.HELD)
        happened(ledger, key, name, at)
    assert ended(ledger) == ["before", "otherwise"]


def test_the_enrolled_are_looked_at_once_by_when_they_were(ledger: Ledger) -> None:
    def enrolled(until: datetime = NOW + DAY, limit: int = 9) -> list[str]:
        with ledger.reading() as connection:
            return tickets(leftovers.enrolled(connection, CHECKED, after=NOW, until=until, limit=limit))

    for ticket, at, how in (
        ("too early", NOW, "enrolled"), ("b", NOW + MINUTE, "enrolled"), ("a", NOW + SECOND, "enrolled"),
        ("not", NOW + SECOND, "given_up"), ("c", NOW + DAY, "enrolled"),
    ):  # fmt: skip
        moved(ledger, add(ledger, ticket), State.CLOSED, at=at, how=how)
    moved(ledger, add(ledger, "held"), State.HELD, at=NOW + SECOND, how="enrolled")
    assert enrolled() == ["a", "b", "c"]
    assert enrolled(until=NOW + MINUTE) == ["a", "b"]
    assert enrolled(limit=1) == ["a"]
    happened(ledger, read(ledger, "a").id, CHECKED, NOW + SECOND)
    happened(ledger, read(ledger, "b").id, CHECKED, NOW + SECOND)
    assert enrolled() == ["b", "c"]


def test_what_waits_is_gone_through_by_its_id(ledger: Ledger) -> None:
    def waiting(after: int = 0, limit: int = 9) -> list[str]:
        with ledger.reading() as connection:
            return tickets(leftovers.waiting(connection, NOW, after=after, limit=limit))

    first = add(ledger, "later", NOW + SECOND)
    asleep(ledger, add(ledger, "for somebody"))
    add(ledger, "due", NOW)
    moved(ledger, closed := add(ledger, "closed"), State.CLOSED)
    asleep(ledger, closed)
    moved(ledger, held := add(ledger, "held"), State.HELD)
    asleep(ledger, held)
    leases.release(ledger, claimed(ledger, first))
    assert waiting() == ["later", "for somebody", "held"]
    assert waiting(after=first) == ["for somebody", "held"]
    assert waiting(limit=2) == ["later", "for somebody"]


def overdue(ledger: Ledger, now: datetime = NOW, *, before: datetime = NOW, limit: int = 9) -> list[str]:
    with ledger.reading() as connection:
        return tickets(leftovers.overdue(connection, CODE, UNDO, now, begun_before=before, limit=limit))


def test_a_code_that_was_never_taken_back_is_overdue_for_a_month(ledger: Ledger) -> None:
    for ticket, at in (("a", NOW), ("b", NOW - SECOND), ("c", NOW - REMEMBERED), ("d", NOW - REMEMBERED + SECOND)):
        asleep(ledger, with_a_code(ledger, ticket, at))
    assert set(overdue(ledger)) == {"b", "d"}
    assert len(overdue(ledger, limit=1)) == 1
    moved(ledger, key := add(ledger, "only planned", NOW - DAY), State.ACTING, CODE, at=NOW - DAY)
    asleep(ledger, key)
    moved(ledger, key := add(ledger, "another step"), State.ACTING, "other")
    begun(ledger, key, "other", NOW - DAY)
    asleep(ledger, key)
    assert set(overdue(ledger)) == {"b", "d"}


def test_what_is_due_takes_its_code_back_by_itself(ledger: Ledger) -> None:
    with_a_code(ledger, "due", NOW - SECOND)
    asleep(ledger, with_a_code(ledger, "later", NOW - SECOND), NOW + DAY)
    assert overdue(ledger) == ["later"]
    assert overdue(ledger, NOW + DAY) == []


def test_another_requests_taking_back_is_no_reason(ledger: Ledger) -> None:
    asleep(ledger, with_a_code(ledger, "a", NOW - SECOND))
    key = with_a_code(ledger, "b", NOW - SECOND)
    held = requests.move(ledger, claimed(ledger, key), State.HELD, NOW, event="held", plan=[Planned(UNDO, 1)])
    steps.begin(ledger, held, steps.of(ledger, key)[-1], {}, NOW)
    requests.postpone(ledger, held, None, "", NOW)
    assert overdue(ledger) == ["a"]


@pytest.mark.parametrize(
    ("name", "target", "is_overdue"),
    [(UNDO, 1, False), (UNDO, 2, True), ("tell_held", 1, True)],
)
def test_a_code_whose_taking_back_was_begun_is_not_overdue(
    ledger: Ledger, name: str, target: int, is_overdue: bool
) -> None:
    key = with_a_code(ledger, "a", NOW - SECOND)
    claim = requests.move(ledger, claimed(ledger, key), State.HELD, NOW, event="held", plan=[Planned(name, target)])
    requests.postpone(ledger, claim, None, "", NOW)
    claim = claimed(ledger, key)
    assert overdue(ledger) == ["a"], "it is only planned"
    steps.begin(ledger, claim, steps.of(ledger, key)[-1], {}, NOW)
    assert (overdue(ledger) == ["a"]) is is_overdue
    steps.end(ledger, claim, steps.of(ledger, key)[-1], NOW, result={})
    assert (overdue(ledger) == ["a"]) is is_overdue


def test_something_to_do_and_no_time_to_do_it_at_is_found(ledger: Ledger) -> None:
    def found(limit: int = 9) -> set[str]:
        with ledger.reading() as connection:
            return set(tickets(leftovers.asleep(connection, {UNDO}, limit=limit)))

    for ticket, states, plan in (
        ("acting", (State.ACTING,), "take"), ("awaiting", (State.ACTING, State.AWAITING), "take"),
        ("undoing", (State.HELD,), UNDO), ("held", (State.HELD,), "tell_held"), ("new", (), ""),
    ):  # fmt: skip
        key = add(ledger, ticket)
        for state in states:
            moved(ledger, key, state, plan)
        asleep(ledger, key)
    moved(ledger, add(ledger, "due"), State.ACTING)
    assert found() == {"acting", "awaiting", "undoing"}
    assert len(found(limit=2)) == 2


def test_what_is_woken_is_due_and_says_why(ledger: Ledger) -> None:
    asleep(ledger, add(ledger, "a"))
    asleep(ledger, add(ledger, "b"))
    before = read(ledger, "a")
    with ledger.writing() as connection:
        leftovers.wake(connection, before, "found_asleep", NOW)
    assert [due.ticket_id for due in requests.due(ledger, NOW, limit=9)] == ["a"]
    assert read(ledger, "a").pokes == before.pokes + 1
    with ledger.reading() as connection:
        _, story = views.story(connection, before)
    assert (story[-1].name, story[-1].at) == ("found_asleep", NOW)
