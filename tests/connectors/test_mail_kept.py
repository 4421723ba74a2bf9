"""Mail: a connection is kept for the next mail, and one that can't be used any more costs nothing but another."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectors.mail import relay as module
from connectors.sandbox.mail import MailSink, Terms
from tests.connectors.mailing import mail, mailer
from tests.connectors.smtp_script import GOOD, relay

AFTER_THE_FIRST = GOOD[:6]


@pytest.fixture
def sink() -> Iterator[MailSink]:
    made = MailSink(clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    yield made
    made.stop()


def test_the_next_mail_goes_over_the_connection_of_the_one_before() -> None:
    with relay(*AFTER_THE_FIRST, *GOOD[2:6]) as talk:
        sender = mailer(talk.port)
        sender.send(mail(to="one@example.edu"))
        sender.send(mail(to="two@example.edu"))
    commands = [line.split()[0] for line in talk.heard]
    first, second = (index for index, command in enumerate(commands) if command == b"mail")
    assert commands[:first] == [b"ehlo"]
    assert [talk.heard[index + 1] for index in (first, second)] == [
        b"rcpt TO:<one@example.edu>\r\n",
        b"rcpt TO:<two@example.edu>\r\n",
    ]
    assert b"ehlo" not in commands[first:]
    assert len(commands) == second + 4  # nothing asked in between; the message's text is the last


def test_a_connection_on_which_a_mail_was_refused_is_not_used_again(sink: MailSink) -> None:
    sender = mailer(sink.port)
    sink.terms.refusals = {"gone@example.edu": "550 5.1.1 no such user"}
    with pytest.raises(Exception, match="550"):
        sender.send(mail(to="gone@example.edu"))
    sender.send(mail(to="there@example.edu"))
    assert [message.recipients for message in sink.messages] == [("there@example.edu",)]


def test_a_relay_that_ends_the_conversation_gets_the_next_mail_in_another(sink: MailSink) -> None:
    sender = mailer(sink.port)
    sender.send(mail())
    sink.stop()
    again = MailSink(clock=lambda: datetime(2026, 11, 24, tzinfo=UTC), port=sink.port)
    try:
        sender.send(mail(to="two@example.edu"))
        assert [message.recipients for message in again.messages] == [("two@example.edu",)]
    finally:
        again.stop()


def test_a_relay_that_wants_no_more_in_a_conversation_gets_the_next_mail_in_another() -> None:
    sink = MailSink(clock=lambda: datetime(2026, 11, 24, tzinfo=UTC), terms=Terms(ends=lambda: True))
    try:
        sender = mailer(sink.port)
        for to in ("one@example.edu", "two@example.edu"):
            sender.send(mail(to=to))
        assert [message.recipients[0][:3] for message in sink.messages] == ["one", "two"]
    finally:
        sink.stop()


def test_a_connection_that_was_silent_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 0.0)
    with relay(*AFTER_THE_FIRST, "250 2.0.0 OK") as talk:
        sender = mailer(talk.port)
        sender.send(mail())
        with pytest.raises(Exception, match="can't be talked to"):
            sender.send(mail())  # the scripted relay takes one connection
    assert talk.heard[5:] == [b""]
