"""Mail: what is handed over, and what a failure at each stage of handing it over means."""

import re
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.mail import Mail
from connectors.mail.message import wire
from connectors.sandbox.letters import Mail as Letter
from connectors.sandbox.mail import MailSink, Terms
from connectors.sandbox.messages import HangUp
from connectors.sandbox.tls import Certificates
from connectors.secret import Secret
from tests.connectors.mailing import DATE, LINK, PASSWORD, WRONG, mail, mailer
from tests.connectors.scripted import NOW, closed_port, everything_shown, shown


@pytest.fixture
def sink() -> Iterator[MailSink]:
    mailbox = MailSink(clock=lambda: NOW)
    yield mailbox
    mailbox.stop()


def test_a_mail_arrives_as_it_was_written(sink: MailSink) -> None:
    mailer(sink.port).send(mail())
    (arrived,) = sink.for_address("mpark@example.edu")
    assert arrived.sender == "no-reply@example.edu"
    assert arrived.plain == f"Open\n{LINK}\n.\n.hidden\nGrüße\n"
    assert arrived.html == f"<p>Open <a href='{LINK}'>this</a></p>\n"
    assert {name: str(arrived.message[name]) for name in ("From", "To", "Subject", "Date", "Message-ID")} == {
        "From": "Duo enrolment <no-reply@example.edu>",
        "To": "mpark@example.edu",
        "Subject": "Your access to Duo",
        "Date": DATE,
        "Message-ID": "<link.RITM0010001.1.7f3a@example.edu>",
    }
    assert arrived.message["Auto-Submitted"] == "auto-generated"


def test_what_goes_over_the_wire_is_ascii_in_short_lines(sink: MailSink) -> None:
    subject, name = "Ihr Zugang zu Duo – für Übermorgen  " * 4 + "!", "Über, Duo"
    mailer(sink.port, sender=f'"{name}" <no-reply@example.edu>').send(mail(subject=subject, plain="ü" * 3000))
    (call,) = sink.calls
    assert call.body.isascii()
    assert max(len(line) for line in call.body.split(b"\r\n")) <= 78
    (arrived,) = sink.messages
    assert arrived.subject == subject
    assert str(arrived.message["From"]) == f'"{name}" <no-reply@example.edu>'


def test_a_long_message_id_arrives_whole(sink: MailSink) -> None:
    message_id = f"<{'a' * 120}@{'b' * 60}.example.edu>"
    mailer(sink.port).send(mail(message_id=message_id))
    assert sink.messages[0].message_id == message_id


def test_a_mail_shows_neither_its_text_nor_a_mailer_its_password(sink: MailSink) -> None:
    sender = mailer(sink.port, username="duo", password=Secret(PASSWORD))
    assert LINK not in shown(mail())
    assert PASSWORD not in shown(sender) + repr(vars(sender))


def test_tls_and_a_login_are_used_where_configured(loopback: Certificates) -> None:
    sink = MailSink(clock=lambda: NOW, terms=Terms(tls=loopback.server, username="duo", password=PASSWORD))
    try:
        secured = {"starttls": True, "ca_file": str(loopback.ca_file), "username": "duo"}
        mailer(sink.port, **secured, password=Secret(PASSWORD)).send(mail())
        assert [(arrived.encrypted, arrived.user) for arrived in sink.messages] == [(True, "duo")]
        with pytest.raises(Misconfigured, match="535") as raised:
            mailer(sink.port, **secured, password=Secret(WRONG)).send(mail())
        assert WRONG not in everything_shown(raised.value)
        with pytest.raises(Misconfigured, match="530"):
            mailer(sink.port, starttls=True, ca_file=str(loopback.ca_file)).send(mail())
    finally:
        sink.stop()


def test_signing_in_sends_no_mail(sink: MailSink) -> None:
    mailer(sink.port).sign_in()
    with pytest.raises(Misconfigured):
        mailer(sink.port, username="duo", password=Secret(PASSWORD)).sign_in()
    with pytest.raises(Unavailable):
        mailer(closed_port()).sign_in()
    assert not sink.messages


def test_a_certificate_that_is_not_trusted_is_a_mistake_in_the_settings(loopback: Certificates) -> None:
    sink = MailSink(clock=lambda: NOW, terms=Terms(tls=loopback.server))
    try:
        with pytest.raises(Misconfigured, match="ca_file"):
            mailer(sink.port, starttls=True).send(mail())
    finally:
        sink.stop()


def test_a_relay_without_tls_gets_nothing_where_tls_is_configured(sink: MailSink, loopback: Certificates) -> None:
    with pytest.raises(Misconfigured, match="STARTTLS"):
        mailer(sink.port, starttls=True, ca_file=str(loopback.ca_file)).send(mail())
    assert not sink.messages


def test_a_relay_without_a_login_gets_nothing_where_one_is_configured(sink: MailSink) -> None:
    with pytest.raises(Misconfigured, match="AUTH"):
        mailer(sink.port, username="duo", password=Secret(PASSWORD)).send(mail())
    assert not sink.messages


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": ""},
        {"sender": "Duo enrolment, the team <no-reply@example.edu>"},
        {"sender": "Duo\r\nBcc: x@example.edu <no-reply@example.edu>"},
        {"host": "mail.example.edu", "username": "duo", "password": Secret(PASSWORD)},
        {"username": "duo", "password": Secret("ä")},
        {"username": "ä", "password": Secret(PASSWORD)},
        {"starttls": True, "ca_file": "/nowhere/ca.pem"},
    ],
)
def test_settings_that_cannot_work_are_told_before_a_mail_is_sent(wrong: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured):
        mailer(1, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": ""},
        {"to": "mpark"},
        {"to": "a@example.edu, b@example.edu"},
        {"to": "a@example.edu\r\nBcc: b@example.edu"},
        {"to": "<a@example.edu>"},
        {"to": "a..b@example.edu"},
        {"to": "ä@example.edu"},
        {"to": "a@" + "x" * 260},
        {"subject": "a\r\nBcc: b@example.edu"},
        {"subject": "a\x00"},
        {"subject": "a" * 201},
        {"subject": "a\u2028b"},
        {"message_id": "none"},
        {"message_id": "<a@b>\r\nBcc: b@example.edu"},
        {"message_id": "<a@b> <c@d>"},
        {"plain": "\ud800"},
        {"html": "\ud800"},
    ],
)
def test_what_a_mail_cannot_carry_is_refused_before_the_relay_is_asked(wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        mailer(closed_port()).send(mail(**wrong))


@settings(max_examples=50, deadline=None)
@given(subject=st.text(max_size=60), to=st.text(max_size=30), plain=st.text(max_size=60))
def test_no_text_becomes_a_header(subject: str, to: str, plain: str) -> None:
    try:
        content = wire_of(mail(subject=subject, to=to, plain=plain))
    except Refused:
        return
    assert_headers(content)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)


@settings(max_examples=50, deadline=None)
@given(subject=st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=200))
def test_a_subject_of_any_script_arrives_and_stays_one_header(subject: str) -> None:
    if subject.isprintable():
        assert assert_headers(wire_of(mail(subject=subject)))["Subject"] == subject


def wire_of(mail: Mail) -> bytes:
    return wire(mail, Address("Duo enrolment", addr_spec="no-reply@example.edu"), DATE)


def assert_headers(content: bytes) -> dict[str, str]:
    """The headers of a message, which are ours and no others."""
    message = message_from_bytes(content, policy=default)
    assert sorted(message.keys()) == sorted(
        ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type")
    )
    return {name: str(value) for name, value in message.items()}


def test_every_mail_passes_the_gate(sink: MailSink) -> None:
    def shut() -> None:
        raise Unavailable("mail", "no slot")

    with pytest.raises(Unavailable, match="no slot"):
        mailer(sink.port, gate=shut).send(mail())
    assert not sink.messages


def test_a_mail_taken_without_an_answer_is_uncertain_and_may_be_sent_again(sink: MailSink) -> None:
    def keep_and_hang_up(letter: Letter) -> str:
        sink.keep(letter)
        raise HangUp

    sink.app = keep_and_hang_up
    with pytest.raises(Uncertain):
        mailer(sink.port).send(mail())
    sink.app = sink.keep
    mailer(sink.port).send(mail())
    first, second = sink.messages
    assert first.message_id == second.message_id


def test_threads_share_a_mailer(sink: MailSink) -> None:
    sender = mailer(sink.port)
    threads = [threading.Thread(target=sender.send, args=(mail(to=f"p{n}@example.edu"),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(arrived.recipients for arrived in sink.messages) == [(f"p{n}@example.edu",) for n in range(8)]
