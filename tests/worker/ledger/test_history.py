"""What earlier requests count for, and what the journal and Duo's log say of a person."""

from datetime import datetime
from typing import Any

import pytest

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import DAY, MINUTE, SECOND, add, asleep, begun, moved, read
from worker.ledger import events, history, issued, resets, seen, sightings, steps
from worker.ledger.database import Ledger
from worker.ledger.issued import Asked
from worker.ledger.sightings import Sighting
from worker.ledger.states import State


def test_what_an_opener_filed_for_others_is_counted(ledger: Ledger) -> None:
    first = add(ledger, "a", opener="desk", filed_at=NOW)
    add(ledger, "b", opener="desk", filed_at=NOW + MINUTE)
    add(ledger, "before", opener="desk", filed_at=NOW - SECOND)
    add(ledger, "own", opener="desk", person="desk", filed_at=NOW)
    add(ledger, "somebody's", opener="other", filed_at=NOW)
    add(ledger, "elsewhere", opener="desk", system="teamdynamix", filed_at=NOW)
    with ledger.reading() as connection:
        assert history.opened_for_others(connection, "servicenow", "desk", NOW, besides=0) == 2
        assert history.opened_for_others(connection, "servicenow", "desk", NOW, besides=first) == 1


def test_numbers_that_a_persons_other_requests_named_are_told(ledger: Ledger) -> None:
    add(ledger, "this", person="p", number_digest="mine")
    add(ledger, "a", person="p", number_digest="one")
    add(ledger, "before", person="p", number_digest="old", filed_at=NOW - SECOND)
    add(ledger, "none", person="p")
    add(ledger, "other", person="p2", number_digest="other")
    add(ledger, "elsewhere", person="p", number_digest="there", system="teamdynamix")
    with ledger.reading() as connection:
        assert history.number_digests(connection, read(ledger, "this"), NOW) == ["one"]


@pytest.mark.parametrize(
    ("differs", "counts"),
    [
        ({}, True),
        ({"system": "teamdynamix"}, False),
        ({"person": "p2"}, False),
        ({"filed_at": NOW - SECOND}, False),
    ],
)
def test_a_password_reset_of_the_person_since_a_time_counts(
    ledger: Ledger, differs: dict[str, Any], counts: bool
) -> None:
    given = {"system": "servicenow", "ticket_id": "r1", "person": "p1", "filed_at": NOW, **differs}
    with ledger.writing() as connection:
        resets.put(connection, **given)
        resets.put(connection, **given)
    with ledger.reading() as connection:
        assert history.password_reset(connection, "servicenow", "p1", NOW) is counts


def test_resets_and_readings_and_sightings_are_dropped_when_their_time_is_over(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        for ticket, at in (("old", NOW - SECOND), ("new", NOW)):
            resets.put(connection, "servicenow", ticket, ticket, at)
            seen.put(connection, "servicenow", ticket, "1", at)
            sightings.put(connection, [Sighting(ticket, "DU1", at, "passcode", "US")], NOW)
        for each in (resets, seen, sightings):
            each.forget(connection, NOW)
    with ledger.reading() as connection:
        assert [history.password_reset(connection, "servicenow", who, NOW - DAY) for who in ("old", "new")] == [
            False, True,
        ]  # fmt: skip
        assert seen.known(connection, "servicenow", [("old", "1"), ("new", "1")]) == {("new", "1")}
        assert [sightings.has(connection, ticket) for ticket in ("old", "new")] == [False, True]


def test_only_the_very_reading_that_was_dealt_with_is_passed_over(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        seen.put(connection, "servicenow", "t1", "3/4", NOW)
        seen.put(connection, "servicenow", "t2", "3/4", NOW)
        seen.put(connection, "servicenow", "t1", "3/5", NOW)
    with ledger.reading() as connection:
        asked = [("t1", "3/5"), ("t1", "3/4"), ("t2", "3/4"), ("t3", "3/5")]
        assert seen.known(connection, "servicenow", asked) == {("t1", "3/5"), ("t2", "3/4")}
        assert seen.known(connection, "teamdynamix", asked) == set()


def test_thousands_of_readings_are_looked_up_together(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        for place in range(1_200):
            seen.put(connection, "servicenow", f"t{place}", "1", NOW)
    with ledger.reading() as connection:
        asked = [(f"t{place}", str(place % 2)) for place in range(1_500)]
        assert seen.known(connection, "servicenow", asked) == {(f"t{place}", "1") for place in range(1, 1_200, 2)}


def test_a_request_is_found_by_its_id(ledger: Ledger) -> None:
    key = add(ledger, "a")
    with ledger.reading() as connection:
        assert history.by_id(connection, key) == read(ledger, "a")
        assert history.by_id(connection, key + 1) is None


def awaiting(ledger: Ledger, ticket: str, user: str) -> int:
    moved(ledger, key := add(ledger, ticket), State.ACTING)
    moved(ledger, key, State.AWAITING, duo_user_id=user)
    asleep(ledger, key)
    return key


def test_nobody_waits_before_something_was_delivered(ledger: Ledger) -> None:
    moved(ledger, add(ledger), State.ACTING, duo_user_id="DU1")
    with ledger.reading() as connection:
        assert not sightings.anybody_waits(connection)
        assert sightings.waiting_users(connection) == frozenset()


def test_a_log_in_brings_forward_whoever_waits_for_that_person_alone(ledger: Ledger) -> None:
    awaiting(ledger, "a", "DU1")
    awaiting(ledger, "b", "DU2")
    moved(ledger, held := add(ledger, "c"), State.HELD, duo_user_id="DU1")
    asleep(ledger, held)
    before = read(ledger, "a").pokes
    with ledger.reading() as connection:
        assert sightings.anybody_waits(connection)
    one = Sighting("x1", "DU1", NOW - MINUTE, "bypass_code", "US")
    with ledger.writing() as connection:
        assert sightings.waiting_users(connection) == {"DU1", "DU2"}
        sightings.put(connection, [one], NOW)
    assert {ticket: read(ledger, ticket).due_at for ticket in "abc"} == {"a": NOW, "b": None, "c": None}
    assert read(ledger, "a").pokes == before + 1


def test_a_persons_log_ins_since_a_time_come_oldest_first(ledger: Ledger) -> None:
    one, two, old = (
        Sighting(txid, "DU1", at, "bypass_code", "US")
        for txid, at in (("x1", NOW), ("x2", NOW + MINUTE), ("x0", NOW - SECOND))
    )
    with ledger.writing() as connection:
        sightings.put(connection, [two, one, old, Sighting("x3", "DU2", NOW, "passcode", "DE")], NOW)
    with ledger.reading() as connection:
        assert sightings.of(connection, "DU1", NOW) == [one, two]
        assert not sightings.has(connection, "x9")


def test_codes_that_were_asked_for_are_told_by_journal_and_probe(ledger: Ledger) -> None:
    def intent(user: str, at: datetime = NOW) -> dict[str, Any]:
        return {"user_id": user, "valid_secs": 3590, "at": at.isoformat()}

    for ticket, name, at in (
        ("a", "code", NOW),
        ("b", "code", NOW),
        ("before", "code", NOW - SECOND),
        ("c", "other", NOW),
    ):
        moved(ledger, key := add(ledger, ticket), State.ACTING, name)
        begun(ledger, key, name, at, intent(f"DU {ticket}"))
    begun(ledger, read(ledger, "a").id, "code", NOW + MINUTE, intent("DU a again"))
    with ledger.writing() as connection:
        events.note(connection, None, "probed", NOW, **intent("DU probe"))
        events.note(connection, None, "probed", NOW - SECOND, **intent("DU old probe"))
        events.note(connection, None, "something", NOW, **intent("DU something"))
    with ledger.reading() as connection:
        asked = sorted(issued.asked_since(connection, "code", "probed", NOW), key=lambda one: one.user_id)
    assert asked == [Asked(user, 3590, NOW) for user in ("DU a", "DU a again", "DU b", "DU probe")]
    assert asked[0].key == f"DU a 3590 {NOW.isoformat()}"


def test_attempts_for_a_person_are_counted_but_for_a_round_of_a_request(ledger: Ledger) -> None:
    def attempts(since: datetime = NOW, **besides: Any) -> int:
        with ledger.reading() as connection:
            return steps.attempts_of_person(connection, "servicenow", "p", "code", since, **besides)

    of_p = [add(ledger, ticket, person="p") for ticket in ("a", "b", "c")]
    for key in (*of_p, add(ledger, "other", person="q"), add(ledger, "there", person="p", system="teamdynamix")):
        moved(ledger, key, State.ACTING, "code", "mail", round=3)
        begun(ledger, key, "code")
        if key == of_p[0]:
            begun(ledger, key, "mail")
        moved(ledger, key, State.HELD)
    assert attempts() == 3
    assert attempts(NOW + SECOND) == 0
    assert attempts(besides=(of_p[0], 3)) == 2
    assert attempts(besides=(of_p[0], 2)) == 3
