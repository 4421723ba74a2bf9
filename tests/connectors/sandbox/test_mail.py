"""The mail stand-in, written to by smtplib."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest

from connectors.sandbox.mail import Mail, MailSink, Terms
from connectors.sandbox.messages import HangUp
from connectors.sandbox.tls import Certificates
from tests.connectors.sandbox.clock import Clock

Open = Callable[[Terms], MailSink]


@pytest.fixture
def listen(clock: Clock) -> Iterator[Open]:
    sinks: list[MailSink] = []

    def start(terms: Terms) -> MailSink:
        sinks.append(MailSink(clock=clock, terms=terms))
        return sinks[-1]

    yield start
    for sink in sinks:
        sink.stop()


def letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Zugang für Zoë"
    message["From"] = "Duo enrolment <no-reply@example.edu>"
    message["To"] = "zoe@example.edu"
    message["Message-ID"] = "<1@example.edu>"
    message.set_content("Grüße\n")
    message.add_alternative("<p>Grüße</p>", subtype="html")
    return message


def send(sink: MailSink, trust: Certificates | None = None, login: tuple[str, str] | None = None) -> None:
    with smtplib.SMTP("localhost", sink.port, timeout=5) as client:
        if trust is not None:
            client.starttls(context=ssl.create_default_context(cafile=str(trust.ca_file)))
        if login is not None:
            client.login(*login)
        client.send_message(letter(), to_addrs=["zoe@example.edu", "Desk@example.edu"])


def test_a_message_is_kept_and_can_be_read(listen: Open, clock: Clock) -> None:
    sink = listen(Terms())
    send(sink)
    (mail,) = sink.messages
    assert (mail.subject, mail.message_id) == ("Zugang für Zoë", "<1@example.edu>")
    assert (mail.plain, mail.html) == ("Grüße\n", "<p>Grüße</p>\n")
    assert (mail.at, mail.sender, mail.encrypted, mail.user) == (clock(), "no-reply@example.edu", False, "")
    assert sink.for_address("desk@EXAMPLE.edu") == (mail,)
    assert sink.for_address("nobody@example.edu") == ()


def test_a_message_is_in_the_call_log(listen: Open) -> None:
    sink = listen(Terms())
    send(sink)
    (call,) = sink.calls.writes("mail")
    assert (call.method, call.path, call.status) == ("MAIL", "zoe@example.edu,Desk@example.edu", 250)
    assert b"Message-ID: <1@example.edu>" in call.body


def test_starttls_is_offered_and_seen(listen: Open, trust: Certificates) -> None:
    sink = listen(Terms(tls=trust.server))
    send(sink, trust)
    assert sink.messages[0].encrypted


def test_without_certificates_starttls_is_not_offered(listen: Open, trust: Certificates) -> None:
    sink = listen(Terms())
    with pytest.raises(smtplib.SMTPNotSupportedError):
        send(sink, trust)


def test_a_login_is_wanted_where_one_is_set(listen: Open, trust: Certificates) -> None:
    sink = listen(Terms(tls=trust.server, username="worker", password="right"))
    send(sink, trust, ("worker", "right"))
    assert sink.messages[0].user == "worker"
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(sink, trust, ("worker", "wrong"))
    with pytest.raises(smtplib.SMTPSenderRefused):
        send(sink, trust)
    assert len(sink.messages) == 1


def test_an_address_can_be_refused_for_good_or_for_now(listen: Open) -> None:
    sink = listen(Terms())
    sink.terms.refusals = {"zoe@example.edu": "550 5.1.1 no such user", "Desk@example.edu": "451 4.7.1 later"}
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sink)
    assert {code for code, _ in refused.value.recipients.values()} == {550, 451}
    assert sink.messages == ()


def test_the_sink_may_keep_a_message_and_hang_up(listen: Open) -> None:
    sink = listen(Terms())

    def keep_and_hang_up(mail: Mail) -> str:
        sink.keep(mail)
        raise HangUp

    sink.app = keep_and_hang_up
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(sink)
    assert len(sink.messages) == 1
    assert [call.status for call in sink.calls] == [0]


def test_latency_delays_the_reply(listen: Open) -> None:
    sink = listen(Terms())
    sink.terms.latency = timedelta(milliseconds=60)
    begun = time.perf_counter()
    send(sink)
    assert time.perf_counter() - begun >= 0.06


def test_stopping_closes_open_connections_and_the_port(listen: Open) -> None:
    sink = listen(Terms())
    client = smtplib.SMTP("localhost", sink.port, timeout=5)
    sink.stop()
    sink.stop()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", sink.port))


def test_a_reply_of_several_lines_waits_for_no_acknowledgement(listen: Open) -> None:
    with smtplib.SMTP("localhost", listen(Terms()).port) as client:
        client.ehlo()
        began = time.perf_counter()
        for _ in range(5):
            client.ehlo()
        assert time.perf_counter() - began < 0.1  # 40 ms for each, where the sink's small writes are held back
