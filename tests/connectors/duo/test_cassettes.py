"""The connector against a recorded conversation; `python -m tests.record.duo` records it."""

import re
from datetime import timedelta

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from connectors.secret import Secret
from tests.record import duo
from tests.record.scrub import cassette


def replayed() -> duo.Told:
    admin = duo.client(duo.HOST, 443, "DIXXXXXXXXXXXXXXXXXX", Secret("0" * 40), "")
    with cassette(duo.CASSETTE, duo.scrub(), record=False) as tape:
        told = duo.conversation(admin, duo.STAND_IN, duo.WHEN)
        assert tape.all_played
    return told


def test_a_recorded_conversation_is_understood() -> None:
    told = replayed()
    assert (told.user.username, told.user.email, told.user.status) == ("test.user", "test.user@example.edu", "active")
    assert told.phone.user_ids == (told.user.user_id,)
    assert told.unknown is None
    assert re.fullmatch("0{6,}", told.code.reveal())
    assert all(group.group_id and group.status for group in told.groups)
    assert {event.type for event in told.texts} <= {"sms", "phone"}
    assert set(told.policy.blocked_methods)


def test_a_recorded_code_is_told_by_its_fingerprint_and_revoked() -> None:
    told = replayed()
    lives = [code.expiration - code.created for code in told.before if code.expiration]
    assert sorted(lives)[-2:] == [duo.HOURS - timedelta(seconds=10), duo.HOURS]
    assert told.after == ()


def test_nothing_that_was_not_recorded_is_let_through() -> None:
    admin = duo.client(duo.HOST, 443, "DIXXXXXXXXXXXXXXXXXX", Secret("0" * 40), "")
    tape = cassette(duo.CASSETTE, duo.scrub(), record=False)
    with tape, pytest.raises(CannotOverwriteExistingCassetteException):
        duo.conversation(admin, duo.Subject(username="somebody.else"), duo.WHEN)


def test_the_cassette_holds_no_secret() -> None:
    tape = duo.CASSETTE.read_text()
    assert "uthorization" not in tape
    for secret in (
        r'"response":\s+\["0*[1-9]',
        r"//m-[^/]+/[a-z]+/0*[^0\"]",
        r"qr\?value=0*[^0\"]",
        r'"phone":\s+"\+0*[1-9]',
    ):
        assert not re.search(secret, tape)
