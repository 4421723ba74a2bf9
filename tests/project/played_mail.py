"""The rows of docs/failures.md about mail, played."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.mail import Mail
from connectors.secret import Secret
from tests.connectors.mailing import PASSWORD, WITH_LOGIN, mail, mailer
from tests.connectors.scripted import closed_port
from tests.connectors.smtp_script import GOOD, GREETING, HELLO, relay
from tests.project.played import Stage, Where, raised

MAIL, RCPT, DATA, DOT = range(2, 6)  # which reply of GOOD is the answer to each
LOGIN: Mapping[str, Any] = {"username": "duo", "password": Secret(PASSWORD)}


def said(*replies: str, **settings: Any) -> str:
    """What sending raises where the relay says this and then hangs up."""
    with relay(*replies) as talk:
        return raised(lambda _: mailer(talk.port, **settings).send(mail()), Where(talk.port, ""))


def unsent(message: Mail) -> str:
    return raised(lambda _: mailer(closed_port()).send(message), Where(0, ""))


def untrusted(stage: Stage) -> set[str]:
    offers = "250-relay\r\n250 STARTTLS"
    with relay(GREETING, offers, "220 go on", tls=stage.certificates.server) as talk:
        sender = mailer(talk.port, starttls=True, ca_file=stage.stranger)
        return {raised(lambda _: sender.send(mail()), Where(talk.port, ""))}


ROWS: Mapping[str, Callable[[Stage], set[str]]] = {
    "no connection, no greeting, a connection that breaks before the message's end": lambda _: {
        unsent(mail()), said(), said(GREETING), said(*GOOD[:MAIL]), said(*GOOD[:RCPT]), said(*GOOD[:DATA]),
    },
    "`4xx` to anything, before or after the message": lambda _: {
        said("421 4.3.2 later"), said(GREETING, "421 later"), said(*GOOD[:MAIL], "451 later"),
        said(*GOOD[:RCPT], "450 greylisted"), said(*GOOD[:DATA], "451 later"), said(*GOOD[:DOT], "451 later"),
        said(GREETING, WITH_LOGIN, "454 4.7.0 later", **LOGIN),
    },
    "`5xx` as greeting, or to our name": lambda _: {
        said("554 5.7.1 not you"), said(GREETING, "550 not you", "550 not you"),
    },
    "a certificate that `ca_file` doesn't vouch for": untrusted,
    "STARTTLS or a log-in that is configured and not offered": lambda _: {
        said(GREETING, HELLO, starttls=True), said(GREETING, HELLO, **LOGIN),
    },
    "`535` and any other `5xx` to the log-in": lambda _: {
        said(GREETING, WITH_LOGIN, "535 5.7.8 no", **LOGIN), said(GREETING, WITH_LOGIN, "554 no", **LOGIN),
    },
    "`530`: wants a log-in first": lambda _: {
        said(*GOOD[:MAIL], "530 log in first"), said(*GOOD[:RCPT], "530 log in first"),
    },
    "`5xx` to the sender": lambda _: {said(*GOOD[:MAIL], "553 5.7.1 not your address")},
    "`5xx` to the address": lambda _: {said(*GOOD[:RCPT], "550 5.1.1 no such user")},
    "`5xx` to the message, before or after it": lambda _: {
        said(*GOOD[:DATA], "554 no valid recipients"), said(*GOOD[:DOT], "554 looks like spam"),
    },
    "something unreadable before the message's end": lambda _: {
        said(*GOOD[:RCPT], "what?"), said(*GOOD[:DATA], "250 what?"),
    },
    "nothing, or something unreadable, after the message's end": lambda _: {
        said(*GOOD[:DOT]), said(*GOOD[:DOT], "what?"), said(*GOOD[:DOT], "354 what?"),
    },
    "an address, subject or text that no mail can carry": lambda _: {
        unsent(mail(to="a@example.edu\r\nBcc: b@example.edu")), unsent(mail(subject="a\r\nb")),
        unsent(mail(plain="\ud800")),
    },
}  # fmt: skip
