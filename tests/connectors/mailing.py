"""A `Mailer` and a `Mail` as a test wants them, saying only what differs."""

from datetime import timedelta
from typing import Any

from connectors.mail import Mail, Mailer

LINK = "https://pwpush.example.edu/p/fkwjfvhall92/r"
PASSWORD = "relay-password"
REPEATED = f"535 5.7.8 {PASSWORD} is wrong"
WITH_LOGIN = "250-relay\r\n250 AUTH PLAIN"
WRONG = "another-password"
DATE = "Tue, 24 Nov 2026 03:16:15 +0000"


def mail(**differing: str) -> Mail:
    fields = {
        "to": "mpark@example.edu",
        "subject": "Your access to Duo",
        "plain": f"Open\n{LINK}\n.\n.hidden\nGrüße",
        "html": f"<p>Open <a href='{LINK}'>this</a></p>",
        "message_id": "<link.RITM0010001.1.7f3a@example.edu>",
    }
    return Mail(**(fields | differing))


def mailer(port: int, **differing: Any) -> Mailer:
    terms: dict[str, Any] = {
        "host": "localhost",
        "starttls": False,
        "username": "",
        "password": None,
        "ca_file": "",
        "sender": "Duo enrolment <no-reply@example.edu>",
        "timeout": timedelta(seconds=5),
        "gate": lambda: None,
        "date": lambda: DATE,
    }
    return Mailer(port=port, **(terms | differing))
