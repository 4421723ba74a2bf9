from datetime import timedelta

import pytest

from tests.builders import AGENT, COLLEAGUE, DESK, ME, NOW, a_directory, a_note, a_ticket, somebody, the_policy
from worker.facts.staff_notes import desk_note, method, revoke_asked
from worker.tickets.ticket import Note

STAFF = ("Service Desk", "Identity Desk")
SINCE = NOW - timedelta(minutes=30)


def revoked(*notes: Note, opener: str = "dana.reyes") -> Note | None:
    return revoke_asked(a_ticket(notes=notes, opener=somebody(opener)), a_directory(), STAFF, me=ME, since=SINCE)


@pytest.mark.parametrize("author", [AGENT, DESK, "SAM.Agent"])
def test_either_desk_may_ask_to_revoke(author: str) -> None:
    assert revoked(a_note("#revoke", by=author)) is not None
    assert revoked(a_note("Caller says it wasn't her.\n#Revoke please", by=author)) is not None


def test_a_desk_member_may_stop_what_they_opened() -> None:
    assert revoked(a_note("#revoke.", by=AGENT), opener=AGENT) is not None


@pytest.mark.parametrize("author", ["dana.reyes", "pat.lopez", "", ME])
def test_nobody_else_may(author: str) -> None:
    assert revoked(a_note("#revoke", by=author)) is None


def test_the_workers_own_note_never_revokes_even_if_its_account_is_on_the_desk() -> None:
    on_desk = a_directory(members={"Service Desk": frozenset({ME})})
    ticket = a_ticket(notes=(a_note("#revoke", by=ME),))
    assert revoke_asked(ticket, on_desk, STAFF, me=ME, since=SINCE) is None


def test_a_comment_does_not_revoke() -> None:
    assert revoked(a_note("#revoke", by=AGENT, kind="comment")) is None


@pytest.mark.parametrize("text", ["write #revoke to stop", "#revoked", "# revoke", "revoke"])
def test_only_the_line_itself_revokes(text: str) -> None:
    assert revoked(a_note(text, by=AGENT)) is None


def test_an_old_wish_to_revoke_is_not_heard_again() -> None:
    assert revoked(a_note("#revoke", by=AGENT, at=SINCE)) is None


def test_the_newest_note_is_the_one_that_counts() -> None:
    older, newer = (a_note("#revoke", by=AGENT, at=NOW - timedelta(minutes=m)) for m in (9, 3))
    assert revoked(newer, older) == newer


def test_a_method_is_shown_as_configured_however_it_was_typed() -> None:
    note = a_note("#verified PHOTO-id-Video.")
    assert method(note, ("Photo-ID-in-person", "Photo-ID-video")) == "Photo-ID-video"
    assert method(note, ("Photo-ID-in-person",)) == ""


def test_a_held_ticket_is_released_by_a_note_newer_than_the_hold() -> None:
    held_at = NOW - timedelta(minutes=10)
    before, after = (a_note("#verified photo-id-video", at=held_at + timedelta(minutes=m)) for m in (-1, 1))

    def found(*notes: Note) -> Note | None:
        return desk_note(a_ticket(notes=notes), a_directory(), the_policy(), me=ME, since=held_at)

    assert found(before) is None
    assert found(after, before) == after
    assert found(a_note("#verified photo-id-video", by=COLLEAGUE, kind="comment")) is None
