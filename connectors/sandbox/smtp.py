"""What the mail stand-in says in one SMTP conversation: who may be written to, who may log in, what becomes of DATA."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connectors.sandbox.calls import Call, CallLog
from connectors.sandbox.letters import Mail
from connectors.sandbox.messages import HangUp


@dataclass
class Terms:
    """What a server offers and asks for; may be changed while it runs.

    `refusals` maps an address to the reply its RCPT gets ("550 5.1.1 no such user"). With `username` a login is
    wanted, which is taken after STARTTLS only.
    """

    tls: ssl.SSLContext | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    latency: timedelta = timedelta()
    refusals: Mapping[str, str] = field(default_factory=dict)

    def authenticate(self, _: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword) -> AuthResult:
        """The answer to AUTH LOGIN and AUTH PLAIN."""
        good = (given.login.decode(), given.password.decode()) == (self.username, self.password)
        return AuthResult(success=good, handled=False)


class Conversation:
    """aiosmtpd's handler: RCPT is answered by the terms, DATA by `take`."""

    def __init__(
        self, terms: Terms, take: Callable[[Mail], str], clock: Callable[[], datetime], calls: CallLog
    ) -> None:
        self._terms = terms
        self._take = take
        self._clock = clock
        self._calls = calls

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._terms.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message and log the call; without a reply the connection is cut."""
        mail = self._mail(session, envelope)
        await asyncio.sleep(self._terms.latency.total_seconds())
        try:
            reply = self._take(mail)
        except HangUp:
            reply = ""
        status = int(reply[:3] or 0)
        path = ",".join(mail.recipients)
        self._calls.add(Call(mail.at, "mail", "MAIL", path, status=status, body=envelope.original_content or b""))
        if not reply and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return reply

    def _mail(self, session: Session, envelope: Envelope) -> Mail:
        return Mail(
            at=self._clock(),
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=message_from_bytes(envelope.original_content or b"", policy=policy.default),
            encrypted=session.ssl is not None,
            user=self._terms.username if session.authenticated else "",
        )
