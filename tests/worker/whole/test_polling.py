"""What the poll takes in: everything that is ours, nothing that isn't, nothing twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Misconfigured, Unavailable
from connectors.sandbox.people import KINDS
from tests.rig import Rig, System, running
from worker import wiring
from worker.brakes import resume
from worker.findings import listed
from worker.ledger import marks, views
from worker.poll import MARK, PollStopped, poll, take_in
from worker.tickets.ticket import Poll

MINUTE = timedelta(minutes=1)
WHY_UNREAD = {"servicenow": "may not read", "teamdynamix": "CreatedDate holds no time"}
RESET = "e1f2a3b4c5d6e7f8091a2b3c4d5e6f70"


def known(rig: Rig) -> set[str]:
    with rig.shop.ledger.reading() as connection:
        return {request.number for request in views.listed(connection, limit=1000)}


def mark(rig: Rig) -> str:
    with rig.shop.ledger.reading() as connection:
        found = marks.get(connection, MARK)
    return "" if found is None else str(found[0])


def test_sixty_requests_in_one_second_lose_none(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"servicenow": {"page_size": 7}, "teamdynamix": {"search_limit": 7}}, system=system) as rig:
        filed = [rig.file(kind, number="own") for kind in KINDS for _ in range(4)]
        assert len(filed) >= 60
        poll(rig.shop.polling, rig.clock())
        assert known(rig) == {each.task.number for each in filed}


@pytest.mark.only("servicenow")  # counts its calls
def test_a_poll_with_nothing_new_is_one_call_and_does_not_move_the_mark(rig: Rig) -> None:
    rig.file("never_activated")
    rig.once()
    moved = mark(rig)
    rig.clock.pass_(timedelta(minutes=10))
    before = len(rig.sandbox.calls.select())
    assert poll(rig.shop.polling, rig.clock()) == 0
    assert len(rig.sandbox.calls.select(since=before)) == 1
    assert mark(rig) == moved != ""


@pytest.mark.only("servicenow")  # counts its calls
def test_news_cost_three_calls_however_many_tickets(rig: Rig) -> None:
    rig.once()
    for kind in KINDS:
        rig.file(kind, approval="requested")
    before = len(rig.sandbox.calls.select())
    rig.clock.pass_(MINUTE)
    assert poll(rig.shop.polling, rig.clock()) == len(KINDS)
    assert len(rig.sandbox.calls.select(since=before)) == 3


def test_a_request_filed_before_the_ledger_was_made_is_left_to_people(rig: Rig) -> None:
    rig.file("never_activated", at=rig.clock() - timedelta(hours=1))
    rig.once()
    assert known(rig) == set()


@pytest.mark.only("servicenow")  # dot-walked conditions
@pytest.mark.parametrize("strangers", [3, 12])
def test_rows_that_were_not_asked_for_are_never_touched_and_an_instance_that_sends_them_is_asked_otherwise(
    tmp_path: Path, system: System, strangers: int
) -> None:
    with running(tmp_path, {"servicenow": {"reset_items": []}}, system=system) as rig:
        rig.once()
        rig.sandbox.servicenow.switch(dot_walked_conditions=False)
        foreign = [
            rig.sandbox.servicenow.file_request(rig.person("disabled"), {}, item=RESET) for _ in range(strangers)
        ]
        ours = rig.file("never_activated")
        rig.clock.pass_(MINUTE)
        rig.once()
        assert known(rig) == {ours.task.number}
        assert all(rig.notes(each, "work_notes") == [] for each in foreign)


def test_a_request_filed_while_the_worker_was_down_is_taken_in_by_once_since(rig: Rig) -> None:
    filed = rig.file("never_activated", at=rig.clock() - timedelta(hours=1))
    rig.once()
    rig.shop = wiring.shop(rig.settings, rig.shop.ledger, since=rig.clock() - timedelta(hours=2), clock=rig.clock)
    rig.once()
    assert rig.request(filed).state == "awaiting"


def test_too_many_foreign_rows_stop_polling_until_an_operator_resumes(rig: Rig) -> None:
    with pytest.raises(PollStopped):
        take_in(rig.shop.polling, Poll((), None, 6), rig.clock())
    rig.file("never_activated")
    with pytest.raises(PollStopped):
        rig.once()
    assert known(rig) == set()
    resume(rig.shop.ledger, rig.clock())
    rig.once()
    assert len(known(rig)) == 1


def test_one_ticket_that_cannot_be_read_is_left_alone_and_told_and_the_others_go_on(rig: Rig) -> None:
    strange, good = rig.file("platform_unknown"), rig.file("never_activated")
    rig.garble(strange)
    assert rig.once() == []
    assert rig.request(good).state == "awaiting"
    with rig.shop.ledger.reading() as connection:
        (found,) = listed(connection, rig.clock())
    assert found.kind == "unreadable"
    assert strange.task.number in found.sentence
    rig.garble()
    rig.clock.pass_(timedelta(minutes=1))
    rig.once()
    assert rig.request(strange).state == "awaiting"


def test_a_ticket_that_can_no_longer_be_read_waits_and_pauses_nothing(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.once()
    rig.garble(filed)
    rig.clock.pass_(timedelta(minutes=11))
    assert rig.once() == []
    assert rig.request(filed).state == "awaiting"
    assert WHY_UNREAD[rig.system] in rig.request(filed).waits_for
    rig.garble()
    rig.clock.pass_(timedelta(minutes=16))
    rig.once()
    assert rig.request(filed).waits_for == ""


def test_where_none_of_several_tickets_can_be_read_the_poll_fails_as_a_whole(rig: Rig) -> None:
    """At ServiceNow that is what an account without the permission sees, which pauses the system."""
    rig.garble(rig.file("platform_unknown"), rig.file("never_activated"))
    failure = Misconfigured if rig.system == "servicenow" else Unavailable
    with pytest.raises(failure, match=WHY_UNREAD[rig.system]):
        rig.once()
