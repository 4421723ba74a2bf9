"""What looks back over many requests at once."""

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import DAY, MINUTE, SECOND, add, moved, read
from worker.ledger import events, past, sightings
from worker.ledger.database import Ledger
from worker.ledger.past import Filing, chosen
from worker.ledger.sightings import Sighting
from worker.ledger.states import State
from worker.ledger.views import Event


def happened(ledger: Ledger, ticket: str, name: str, after: float = 0, **detail: str) -> None:
    with ledger.writing() as connection:
        events.note(connection, read(ledger, ticket).id, name, NOW + after * SECOND, **detail)


def test_an_outcome_is_told_with_what_follows_it() -> None:
    assert chosen("mobile.add_phone", "mobile.activation_link") == "mobile.add_phone → mobile.activation_link"
    assert chosen("hold", "") == "hold"


def test_requests_decided_since_a_time_come_oldest_first(ledger: Ledger) -> None:
    for ticket, at in (("c", NOW + MINUTE), ("a", NOW), ("b", NOW), ("before", NOW - SECOND)):
        moved(ledger, add(ledger, ticket), State.HELD, decided_at=at)
    add(ledger, "undecided")
    with ledger.reading() as connection:
        assert [one.ticket_id for one in past.decided_since(connection, NOW)] == ["a", "b", "c"]


def test_when_something_was_last_given_again_is_told_by_request(ledger: Ledger) -> None:
    one, two, _ = (add(ledger, ticket) for ticket in "abc")
    for ticket, name, after in (
        ("a", "given_again", 9), ("a", "given_again", 5), ("b", "given_again", 1), ("a", "held", 20), ("c", "held", 1),
    ):  # fmt: skip
        happened(ledger, ticket, name, after)
    with ledger.reading() as connection:
        assert past.given_again(connection) == {one: NOW + 9 * SECOND, two: NOW + SECOND}


def filed(ledger: Ledger) -> None:
    for ticket, at in (("c", NOW + MINUTE), ("a", NOW), ("b", NOW), ("before", NOW - SECOND)):
        moved(ledger, add(ledger, ticket, filed_at=at), State.ACTING, "one", "two", "three")


def test_requests_filed_since_a_time_come_oldest_first(ledger: Ledger) -> None:
    filed(ledger)
    with ledger.reading() as connection:
        assert [one.ticket_id for one in past.filed_since(connection, NOW)] == ["a", "b", "c"]
        assert past.filings(connection, NOW) == [
            Filing("servicenow", f"of {name}", f"N{name}", at)
            for name, at in (("a", NOW), ("b", NOW), ("c", NOW + MINUTE))
        ]


def test_their_steps_and_events_of_some_names_come_in_order_by_request(ledger: Ledger) -> None:
    filed(ledger)
    for ticket, name, after in (("a", "held", 9), ("a", "delivered", 3), ("a", "other", 1), ("before", "held", 1)):
        happened(ledger, ticket, name, after, row=name)
    one, two = (read(ledger, ticket).id for ticket in "ab")
    with ledger.reading() as connection:
        steps = past.steps_named(connection, ["three", "one"], NOW)
        found = past.events_named(connection, ("held", "delivered"), NOW)
    assert set(steps) == {one, two, read(ledger, "c").id}
    assert [step.name for step in steps[two]] == ["one", "three"]
    assert found == {
        one: [
            Event(NOW + 9 * SECOND, "held", {"row": "held"}),
            Event(NOW + 3 * SECOND, "delivered", {"row": "delivered"}),
        ]
    }


def test_log_ins_with_a_factor_are_told_by_person_oldest_first(ledger: Ledger) -> None:
    seen = (
        Sighting("x2", "DU1", NOW + DAY, "bypass_code", "US"),
        Sighting("x1", "DU1", NOW, "bypass_code", "US"),
        Sighting("x3", "DU1", NOW, "passcode", "US"),
        Sighting("x4", "DU2", NOW, "bypass_code", "DE"),
    )
    with ledger.writing() as connection:
        sightings.put(connection, seen, NOW)
    with ledger.reading() as connection:
        assert past.sighted(connection, "bypass_code") == {"DU1": [NOW, NOW + DAY], "DU2": [NOW]}
