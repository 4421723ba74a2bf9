"""Mails handed over to a relay, one at a time.

Where a hand-over fails decides what it means: until the message is whole at the relay nothing was mailed; after that
only the relay's last answer tells. What a relay says after it has seen the message is never quoted: it may name the
link that it doesn't like.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.headerregistry import Address
from email.utils import formatdate, parseaddr
from typing import Final

from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import Gate
from connectors.https import trust
from connectors.mail.message import ADDRESS, SYSTEM, Mail, wire
from connectors.mail.relay import Relay, Reply, unwelcomed
from connectors.quoted import quoted
from connectors.secret import Secret

ENHANCED: Final = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463, all that is quoted after the message
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Mailer:
    """A relay and who we are to it; `date` makes the Date header. Safe to share between threads."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        starttls: bool,
        username: str,
        password: Secret | None,
        ca_file: str,
        sender: str,
        timeout: timedelta,
        gate: Gate,
        date: Callable[[], str] = formatdate,
    ) -> None:
        tls = trust(SYSTEM, ca_file) if starttls else None
        login = (username, password) if username and password else None
        self._host, self._where = host, f"{host}:{port}"
        self._relay = Relay(host, port, tls=tls, login=login, timeout=timeout.total_seconds())
        self._sender = _sender(sender)
        self._gate = gate
        self._date = date
        if login and not tls and host not in LOOPBACK:
            raise Misconfigured(SYSTEM, "a password is not sent over a connection without TLS: see `starttls`")
        if not username.isascii() or (password and not password.reveal().isascii()):
            raise Misconfigured(SYSTEM, "a login must be in ASCII: see `username`, `password_file`")

    def send(self, mail: Mail) -> None:
        """Hand `mail` to the relay. On its return the relay has taken it over; whether it arrives is not known.

        Raises:
            Refused: The address or the text can't be one, or the relay doesn't take it.
            Unavailable: The relay can't be reached or wants us to come back; nothing was mailed.
            Uncertain: The whole message was sent and no answer came.
            Misconfigured: TLS, the login or the sender isn't accepted.
        """
        content = wire(mail, self._sender, self._date())
        with self._talking(), self._relay.conversation(self._sender.addr_spec) as (smtp, begun):
            _expect(2, begun, "sender", Misconfigured)
            self._hand_over(smtp, mail.to, content)

    def sign_in(self) -> None:
        """Nothing, if the relay would talk to us: no mail is sent. Raises as `send` does."""
        with self._talking():
            self._relay.sign_in()

    @contextmanager
    def _talking(self) -> Iterator[None]:
        self._gate()
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise Misconfigured(SYSTEM, "the relay's certificate isn't trusted: see `ca_file`") from error
        except smtplib.SMTPConnectError as error:
            raise unwelcomed(error) from error
        except UnicodeError as error:
            raise Misconfigured(SYSTEM, f"{self._host!r} can't be a host's name") from error
        except (smtplib.SMTPException, OSError) as error:
            said = f"the relay {self._where} can't be talked to ({type(error).__name__}): see host in [mail]"
            raise Unavailable(SYSTEM, said) from error

    def _hand_over(self, smtp: smtplib.SMTP, to: str, content: bytes) -> None:
        _expect(2, smtp.rcpt(to), "address", Refused)
        _expect(3, smtp.docmd("DATA"), "message", Refused)
        smtp.send(content)  # one that fails has not sent the end, without which nothing is mailed
        try:
            code, words = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(SYSTEM, f"no answer to the whole message ({type(error).__name__})") from error
        _expect(2, (code, b" ".join(ENHANCED.findall(words)[:1])), "message", Refused, otherwise=Uncertain)


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    if not ADDRESS.fullmatch(address) or not text.isprintable():
        raise Misconfigured(SYSTEM, "`sender` must be an address, or a name and an <address>")
    return Address(name, addr_spec=address)


def _expect(
    good: int,
    reply: Reply,
    what: str,
    permanent: type[Misconfigured | Refused],
    otherwise: type[Unavailable | Uncertain] = Unavailable,
) -> None:
    """Nothing, if the reply's first digit is `good`; else what it means that `what` was refused, or not answered."""
    code, said = reply
    if code // 100 == good:
        return
    words = f"the {what} isn't taken: {code} {quoted(said.decode('ascii', 'replace'))}".rstrip()
    match code // 100:
        case 5 if code == 530 or permanent is Misconfigured:  # 530: wants a login
            raise Misconfigured(SYSTEM, words)
        case 5:
            raise Refused(SYSTEM, str(code), words)
        case 4:
            raise Unavailable(SYSTEM, words)
        case _:
            raise otherwise(SYSTEM, words)
