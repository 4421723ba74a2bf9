"""A relay, spoken to once for every message.

Where a hand-over fails decides what it means: until the message is whole at the relay nothing was mailed; after that
only the relay's last answer tells. What a relay says after it has seen the message is never quoted: it may name the
link that it doesn't like.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from email.headerregistry import Address
from email.utils import formatdate, parseaddr
from typing import Final

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import Gate
from connectors.https import trust
from connectors.mail.message import ADDRESS, SYSTEM, Mail, wire
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
        self._relay = host, port
        self._tls = trust(SYSTEM, ca_file) if starttls else None
        self._login = (username, password) if username and password else None
        self._sender = _sender(sender)
        self._timeout = timeout
        self._gate = gate
        self._date = date
        if self._login and not self._tls and host not in LOOPBACK:
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
        self._talk(lambda smtp: self._hand_over(smtp, mail.to, content))

    def sign_in(self) -> None:
        """Nothing, if the relay would talk to us: no mail is sent. Raises as `send` does."""
        self._talk(lambda _: None)

    def _talk(self, say: Callable[[smtplib.SMTP], None]) -> None:
        self._gate()
        try:
            with closing(smtplib.SMTP(*self._relay, timeout=self._timeout.total_seconds())) as smtp:
                self._sign_in(smtp)
                say(smtp)
                with suppress(smtplib.SMTPException, OSError):  # what was said is said, however this ends
                    smtp.quit()
        except ssl.SSLCertVerificationError as error:
            raise Misconfigured(SYSTEM, "the relay's certificate isn't trusted: see `ca_file`") from error
        except smtplib.SMTPConnectError as error:
            raise _unwelcome(error) from error
        except UnicodeError as error:
            raise Misconfigured(SYSTEM, f"{self._relay[0]!r} can't be a host's name") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(SYSTEM, f"the relay can't be talked to ({type(error).__name__})") from error

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        try:
            if self._tls:
                smtp.starttls(context=self._tls)
            if self._login:
                smtp.login(self._login[0], self._login[1].reveal())
            smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPResponseException as error:
            unwelcome = _unwelcome(error)
        except smtplib.SMTPException as error:
            raise Misconfigured(SYSTEM, f"the relay doesn't offer what is configured: {error}") from error
        else:
            return
        raise unwelcome  # without a cause: a relay may repeat what it was told, a password among it

    def _hand_over(self, smtp: smtplib.SMTP, to: str, content: bytes) -> None:
        _expect(2, smtp.mail(self._sender.addr_spec), "sender", Misconfigured)
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


def _unwelcome(error: smtplib.SMTPResponseException) -> ConnectorError:
    """A refusal before any message: of our name, of TLS, or of the login."""
    kind = Misconfigured if error.smtp_code >= 500 else Unavailable
    return kind(SYSTEM, f"the relay doesn't serve us ({type(error).__name__}, {error.smtp_code})")


def _expect(
    good: int,
    reply: tuple[int, bytes],
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
