"""A mail server that keeps what it is given: SMTP on loopback, with STARTTLS and a login where asked for.

`MailSink.app` is the seam, as `http.Server.app` is: whatever stands there takes each message. A wrapper refuses it
before it is kept (gives a reply without calling it) or after, or gives no reply at all by raising `HangUp`.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakSet

from connectors.sandbox.calls import CallLog
from connectors.sandbox.letters import Mail
from connectors.sandbox.port import Port
from connectors.sandbox.smtp import Conversation, Relay, Terms

__all__ = ["Mail", "MailSink", "Terms"]

ACCEPTED: Final = "250 2.0.0 OK: queued"
BACKLOG: Final = 100


class MailSink:
    """Listens on 127.0.0.1:port until `stop()`; port 0 takes a free one, told by `port`."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        calls: CallLog | None = None,
        port: int = 0,
        terms: Terms | None = None,
    ) -> None:
        self.app: Callable[[Mail], str] = self.keep
        self.calls = CallLog() if calls is None else calls
        self.terms = Terms() if terms is None else terms
        self._conversation = Conversation(self.terms, self._take, clock, self.calls)
        self._lock = threading.Lock()
        self._mails: list[Mail] = []
        self._place = Port(port)
        self.port = self._place.number
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._leaving = asyncio.Event()
        self._away = timedelta()
        self._open: WeakSet[Relay] = WeakSet()
        self._there = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-mail", daemon=True)
        self._thread.start()
        self._there.wait()

    @property
    def messages(self) -> tuple[Mail, ...]:
        """Everything kept, oldest first."""
        with self._lock:
            return tuple(self._mails)

    def for_address(self, address: str) -> tuple[Mail, ...]:
        """What was handed over for one recipient, oldest first."""
        return tuple(mail for mail in self.messages if address.lower() in (to.lower() for to in mail.recipients))

    def keep(self, mail: Mail) -> str:
        """Put one message in the mailbox; the reply that says so."""
        with self._lock:
            self._mails.append(mail)
        return ACCEPTED

    def empty(self) -> None:
        """Throw away everything kept."""
        with self._lock:
            self._mails.clear()

    def stop(self) -> None:
        """Close the port and every connection. A second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._leave, None)
            self._thread.join()
            self._place.release()

    def close_for(self, span: timedelta) -> None:
        """Refuse connections for `span`, of real time, from soon on; conversations under way go on."""
        self._loop.call_soon_threadsafe(self._leave, span)

    @property
    def is_away(self) -> bool:
        """Whether connections are refused, as `close_for` said."""
        return not self._there.is_set()

    def _take(self, mail: Mail) -> str:
        return self.app(mail)

    def _leave(self, span: timedelta | None) -> None:
        """Stop listening for `span`; None: for good."""
        if span is None:
            self._stopped.set()
        else:
            self._away = span
        self._leaving.set()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        """Until stopped; conversations that clients keep open are cut then."""
        while not self._stopped.is_set():
            server = await self._loop.create_server(self._converse, sock=self._place.listen(BACKLOG))
            self._there.set()
            await self._leaving.wait()
            self._leaving.clear()
            server.close()
            self._there.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._away.total_seconds())
        for relay in self._open:
            relay.cut()

    def _converse(self) -> Relay:
        relay = Relay(
            self._conversation,
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=self.terms.tls,
            authenticator=self.terms.authenticate,
            auth_required=bool(self.terms.username),
            loop=self._loop,
        )
        self._open.add(relay)
        return relay
