"""What commands show of the ledger."""

import pytest

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import DAY, MINUTE, SECOND, add, asleep, begun, moved, read
from worker.ledger import views
from worker.ledger.database import Ledger
from worker.ledger.states import State


def test_requests_are_listed_by_their_last_change_and_then_the_newest_first(ledger: Ledger) -> None:
    for ticket, minutes in (("a", 2), ("b", 1), ("c", 1)):
        moved(ledger, add(ledger, ticket), State.HELD, at=NOW + minutes * MINUTE)
    add(ledger, "d")
    with ledger.reading() as connection:
        assert [one.ticket_id for one in views.listed(connection)] == ["a", "c", "b", "d"]
        assert [one.ticket_id for one in views.listed(connection, limit=2)] == ["a", "c"]
        assert [one.ticket_id for one in views.listed(connection, states=[State.NEW])] == ["d"]
        assert len(views.listed(connection, states=iter([State.NEW, State.HELD]))) == 4


def test_no_more_than_two_hundred_are_listed_unless_more_are_asked_for(ledger: Ledger) -> None:
    for place in range(201):
        add(ledger, f"t{place}")
    with ledger.reading() as connection:
        assert len(views.listed(connection)) == 200
        assert len(views.listed(connection, limit=300)) == 201


@pytest.mark.parametrize("name", ["SCTASK7", "t7", "RITM7", "REQ7"])
def test_a_request_is_found_by_each_of_its_numbers_and_by_its_id(ledger: Ledger, name: str) -> None:
    add(ledger, "t7", number="SCTASK7", other_numbers=("RITM7", "REQ7"))
    add(ledger, "t8", number="SCTASK8", other_numbers=("RITM8",))
    with ledger.reading() as connection:
        assert [one.ticket_id for one in views.named(connection, name)] == ["t7"]


@pytest.mark.parametrize("name", ["RITM", "ITM7", "RITM_", "%", ""])
def test_a_part_of_a_number_or_a_pattern_finds_nothing(ledger: Ledger, name: str) -> None:
    add(ledger, "t7", number="SCTASK7", other_numbers=("RITM7", "REQ7"))
    with ledger.reading() as connection:
        assert views.named(connection, name) == []


def test_one_number_of_an_order_finds_all_its_requests(ledger: Ledger) -> None:
    for ticket in ("t7", "t8"):
        add(ledger, ticket, other_numbers=("REQ7",))
    with ledger.reading() as connection:
        assert {one.ticket_id for one in views.named(connection, "REQ7")} == {"t7", "t8"}


def test_a_persons_requests_are_found_however_the_user_name_is_written(ledger: Ledger) -> None:
    add(ledger, "t1", user_name="Dana.Fox")
    add(ledger, "t2", user_name="dana.fox2")
    with ledger.reading() as connection:
        assert [one.ticket_id for one in views.of_person(connection, "dana.FOX")] == ["t1"]


def test_requests_for_which_something_was_begun_since_a_time(ledger: Ledger) -> None:
    for ticket, at in (("a", NOW), ("b", NOW + MINUTE), ("c", NOW)):
        moved(ledger, key := add(ledger, ticket), State.ACTING, "one", "two")
        if ticket != "c":
            begun(ledger, key, "one", at)
    with ledger.reading() as connection:
        assert {one.ticket_id for one in views.begun_since(connection, NOW)} == {"a", "b"}
        assert {one.ticket_id for one in views.begun_since(connection, NOW + SECOND)} == {"b"}


def test_a_story_is_the_steps_and_events_of_one_request_in_order(ledger: Ledger) -> None:
    for ticket in ("a", "b"):
        moved(ledger, add(ledger, ticket), State.ACTING, "take", "notice", at=NOW + MINUTE)
    moved(ledger, read(ledger, "a").id, State.HELD, "tell_held", at=NOW + DAY)
    with ledger.reading() as connection:
        done, happened = views.story(connection, read(ledger, "a"))
    assert [(step.name, step.state) for step in done] == [
        ("take", "dropped"), ("notice", "dropped"), ("tell_held", "planned"),
    ]  # fmt: skip
    assert [(event.at, event.name, event.detail) for event in happened] == [
        (NOW, "request_seen", {}), (NOW + MINUTE, "to acting", {}), (NOW + DAY, "to held", {}),
    ]  # fmt: skip


def test_every_state_is_counted_those_without_a_request_too(ledger: Ledger) -> None:
    for ticket, state in (("a", State.HELD), ("b", State.HELD), ("c", State.CLOSED)):
        moved(ledger, add(ledger, ticket), state)
    add(ledger, "d")
    with ledger.reading() as connection:
        counted = views.counted(connection)
    assert counted == {**{str(state): 0 for state in State}, "held": 2, "closed": 1, "new": 1}


def test_what_moved_since_a_moment_is_counted_by_where_it_stands(ledger: Ledger) -> None:
    for ticket, state in (("a", State.HELD), ("b", State.HELD), ("c", State.CLOSED)):
        moved(ledger, add(ledger, ticket), state)
    add(ledger, "d", NOW - DAY)
    with ledger.reading() as connection:
        assert views.moved_since(connection, NOW) == {"held": 2, "closed": 1}
        assert views.moved_since(connection, NOW - DAY) == {"held": 2, "closed": 1, "new": 1}
        assert views.moved_since(connection, NOW + DAY) == {}


def test_the_backlog_is_what_is_due_and_since_when(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        assert views.backlog(connection, NOW) == (0, None)
    for ticket, at in (("a", NOW - DAY), ("b", NOW), ("c", NOW + SECOND)):
        add(ledger, ticket, at)
    asleep(ledger, add(ledger, "d"))
    with ledger.reading() as connection:
        assert views.backlog(connection, NOW) == (2, NOW - DAY)
