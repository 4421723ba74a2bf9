"""What the mail stand-in says in one SMTP conversation: who may be written to, who may log in, what becomes of DATA."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Literal
from weakref import WeakKeyDictionary, WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connectors.sandbox.calls import Call, CallLog
from connectors.sandbox.letters import Mail
from connectors.sandbox.messages import HangUp

Stage = Literal["EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"]  # the last: after the message


@dataclass(frozen=True)
class Spoilt:
    """How one conversation goes wrong: at `stage`, after `silence`, the `reply`; an empty one hangs up.

    Only at MESSAGE can the message have been kept all the same.
    """

    stage: Stage
    reply: str = ""
    silence: timedelta = timedelta()
    kept: bool = False


def well() -> Spoilt | None:
    """Nothing goes wrong."""
    return None


def never() -> bool:
    """A conversation goes on for as long as the client wants."""
    return False


@dataclass
class Terms:
    """What a server offers and asks for; may be changed while it runs.

    `refusals` maps an address to the reply its RCPT gets ("550 5.1.1 no such user"). With `username` a login is
    wanted, which is taken after STARTTLS only. `spoil` is asked at the start of every conversation; while one `ends`
    with its message, the next begins another.
    """

    tls: ssl.SSLContext | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    latency: timedelta = timedelta()
    refusals: Mapping[str, str] = field(default_factory=dict)
    spoil: Callable[[], Spoilt | None] = well
    ends: Callable[[], bool] = never

    def authenticate(self, _: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword) -> AuthResult:
        """The answer to AUTH LOGIN and AUTH PLAIN."""
        good = (given.login.decode(), given.password.decode()) == (self.username, self.password)
        return AuthResult(success=good, handled=False)


class Relay(SMTP):
    """aiosmtpd's protocol, which asks its handler before it lets a message begin."""

    event_handler: "Conversation"

    def cut(self) -> None:
        """End the conversation, if it hasn't ended, without a word."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's name
        if (reply := await self.event_handler.stage("DATA", self)) is not None:
            await self.push(reply)
        else:
            await super().smtp_DATA(arg)


class Conversation:
    """aiosmtpd's handler: RCPT is answered by the terms, DATA by `take`; whatever `Terms.spoil` says goes wrong."""

    def __init__(
        self, terms: Terms, take: Callable[[Mail], str], clock: Callable[[], datetime], calls: CallLog
    ) -> None:
        self._terms = terms
        self._take = take
        self._clock = clock
        self._calls = calls
        self._spoilt: WeakKeyDictionary[Relay, Spoilt | None] = WeakKeyDictionary()
        self._served: WeakSet[Relay] = WeakSet()  # those that have had a message

    async def stage(self, stage: Stage, server: Relay) -> str | None:
        """The reply that goes out instead of the usual one; None: the usual one."""
        spoilt = self._spoilt.get(server)
        if spoilt is None or spoilt.stage != stage:
            return None
        await asyncio.sleep(spoilt.silence.total_seconds())
        if not spoilt.reply:
            server.cut()
        return spoilt.reply

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, server: Relay, session: Session, _: Envelope, hostname: str, offered: Sequence[str]
    ) -> Sequence[str]:
        reply = await self._hello(server, session, hostname)
        return offered if reply is None else [reply]

    async def handle_HELO(  # noqa: N802  aiosmtpd's name
        self, server: Relay, session: Session, _: Envelope, hostname: str
    ) -> str:
        reply = await self._hello(server, session, hostname)
        return f"250 {server.hostname}" if reply is None else reply

    async def _hello(self, server: Relay, session: Session, hostname: str) -> str | None:
        """Comes again after STARTTLS, and where a client tries the older greeting."""
        if server not in self._spoilt:
            self._spoilt[server] = self._terms.spoil()
        session.host_name = hostname
        return await self.stage("EHLO", server)

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: Relay, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if server in self._served and self._terms.ends():
            return "421 4.7.0 no more messages in this conversation"
        if (reply := await self.stage("MAIL", server)) is not None:
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Relay, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (reply := await self.stage("RCPT", server)) is not None:
            return reply
        if refusal := self._terms.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Relay, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message and log the call; without a reply the connection is cut."""
        mail = self._mail(session, envelope)
        self._served.add(server)
        await asyncio.sleep(self._terms.latency.total_seconds())
        try:
            reply = self._take(mail) if self._is_kept(server) else ""
        except HangUp:
            reply = ""
        spoilt = await self.stage("MESSAGE", server)
        reply = reply if spoilt is None else spoilt
        status = int(reply[:3] or 0)
        path = ",".join(mail.recipients)
        self._calls.add(Call(mail.at, "mail", "MAIL", path, status=status, body=envelope.original_content or b""))
        if not reply:
            server.cut()
        return reply

    def _is_kept(self, server: Relay) -> bool:
        spoilt = self._spoilt.get(server)
        return spoilt is None or spoilt.stage != "MESSAGE" or spoilt.kept

    def _mail(self, session: Session, envelope: Envelope) -> Mail:
        return Mail(
            at=self._clock(),
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=message_from_bytes(envelope.original_content or b"", policy=policy.default),
            encrypted=session.ssl is not None,
            user=self._terms.username if session.authenticated else "",
        )
