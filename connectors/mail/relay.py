"""Connections to a relay: opened, signed in, and kept for the next mail for a short while."""

import smtplib
import ssl
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from connectors.errors import ConnectorError, Misconfigured, Unavailable
from connectors.mail.message import SYSTEM
from connectors.secret import Secret

KEPT: Final = 10.0
"""Seconds. Relays end a silent conversation after some tens of them."""

Reply = tuple[int, bytes]
"""A relay's answer: its code and its words (RFC 5321 §4.2)."""


class Relay:
    """One relay and who we are to it. Safe to share between threads; each has a connection of its own."""

    def __init__(
        self, host: str, port: int, *, tls: ssl.SSLContext | None, login: tuple[str, Secret] | None, timeout: float
    ) -> None:
        self._address = host, port
        self._tls = tls
        self._login = login
        self._timeout = timeout
        self._idle: list[tuple[float, smtplib.SMTP]] = []  # the youngest last
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def conversation(self, sender: str) -> Iterator[tuple[smtplib.SMTP, Reply]]:
        """A connection on which a mail of `sender` has begun, and what the relay said to that.

        It is kept where the conversation ends well, and closed where it doesn't.

        Raises:
            Misconfigured, Unavailable: The relay doesn't serve us.
            smtplib.SMTPException, OSError: It can't be talked to.
        """
        smtp, begun = self._kept(sender) or (self._opened(), None)
        try:
            yield smtp, begun or smtp.mail(sender)
        except BaseException:
            smtp.close()
            raise
        with self._lock:
            self._idle.append((time.monotonic(), smtp))

    def sign_in(self) -> None:
        """Nothing, if the relay serves us. Raises as `conversation` does."""
        self._opened().close()

    def _kept(self, sender: str) -> tuple[smtplib.SMTP, Reply] | None:
        """One that has just let the mail begin; those that are too old, or don't let it, are closed."""
        while True:
            with self._lock:
                if not self._idle or time.monotonic() - self._idle[-1][0] > KEPT:
                    _close(self._idle)
                    return None
                _, smtp = self._idle.pop()
            try:
                reply = smtp.mail(sender)
                if reply[0] // 100 == 2:
                    return smtp, reply
            except (smtplib.SMTPException, OSError):
                pass
            smtp.close()

    def _opened(self) -> smtplib.SMTP:
        smtp = smtplib.SMTP(*self._address, timeout=self._timeout)
        try:
            self._sign_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

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
            unwelcome = unwelcomed(error)
        except smtplib.SMTPException as error:
            raise Misconfigured(SYSTEM, f"the relay doesn't offer what is configured: {error}") from error
        else:
            return
        raise unwelcome  # without a cause: a relay may repeat what it was told, a password among it


def unwelcomed(error: smtplib.SMTPResponseException) -> ConnectorError:
    """A refusal before any message: of our name, of TLS, or of the login."""
    kind = Misconfigured if error.smtp_code >= 500 else Unavailable
    return kind(SYSTEM, f"the relay doesn't serve us ({type(error).__name__}, {error.smtp_code})")


def _close(idle: list[tuple[float, smtplib.SMTP]]) -> None:
    while idle:
        idle.pop()[1].close()
