"""The tickets against a recorded conversation; `python -m tests.record.servicenow` records it."""

import re

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.record import servicenow
from tests.record.scrub import cassette
from worker.tickets.servicenow import ServiceNowTickets


def tickets() -> ServiceNowTickets:
    return servicenow.tickets_at(servicenow.URL, servicenow.CLIENT, servicenow.settings(), "")


def replayed() -> servicenow.Told:
    with cassette(servicenow.CASSETTE, servicenow.scrub(), record=False) as tape:
        told = servicenow.conversation(tickets(), servicenow.GROUP, servicenow.WHEN)
        assert tape.all_played
    return told


def test_a_recorded_request_is_a_ticket() -> None:
    (ticket,) = replayed().first.tickets
    assert (ticket.person.user_name, ticket.person.email) == ("test.user", "test.user@example.edu")
    assert (ticket.kind, ticket.state, ticket.problems) == ("enrollment", "open", ())
    assert ticket.answers.device in ("duo_mobile", "security_key")
    assert re.fullmatch(r"SCTASK\d+", ticket.number)
    assert re.fullmatch(r"\d+/\d+", ticket.stamp)


def test_recorded_writes_tell_what_became_of_the_ticket() -> None:
    told = replayed()
    assert [(each.state, each.assignee) for each in told.written] == [
        ("work_in_progress", "duo.worker"),
        ("pending", "duo.worker"),
        ("open", ""),
        ("closed", ""),
    ]
    assert told.marked


def test_a_recorded_poll_after_our_own_last_write_finds_no_news_of_our_own_making() -> None:
    told = replayed()
    assert (told.first.foreign, told.second.foreign) == (0, 0)
    assert told.second.mark is not None
    assert told.found is not None
    assert told.found.state == "closed"
    assert [note.author for note in told.found.notes if note.kind == "work_note"] == ["duo.worker"] * 4


def test_the_worker_s_account_and_a_group_are_told() -> None:
    told = replayed()
    assert told.me == "duo.worker"
    assert told.members


def test_nothing_that_was_not_recorded_is_let_through() -> None:
    tape = cassette(servicenow.CASSETTE, servicenow.scrub(), record=False)
    with tape, pytest.raises(CannotOverwriteExistingCassetteException):
        tickets().find("SCTASK0000001")


def test_the_cassette_holds_no_secret() -> None:
    tape = servicenow.CASSETTE.read_text()
    assert "uthorization" not in tape
    assert "localhost" not in tape
    for secret in (r'_token":\s*"0*[^0"]', r"client_secret=(?!client-secret)", r'user\.user_name":\s*"0*[^0"]'):
        assert not re.search(secret, tape)
