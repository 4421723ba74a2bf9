"""What stands before every outward call: a paused system, a lease that ends too soon, a spent budget."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from connectors.errors import ConnectorError, Misconfigured, Unavailable
from connectors.gate import BudgetSpent, Gate, LogGate
from worker.brakes import renewals, standing
from worker.case import Clock
from worker.lease_time import check
from worker.ledger import budget, marks
from worker.ledger.budget import LONGEST_WAIT, PATIENCE, Pace
from worker.ledger.database import Ledger

LOG_READ = "log_read:"
LOG_EVERY = timedelta(minutes=1) + budget.LAG
"""Between two readings of a log of Duo's, so that no minute has two arrivals."""


LATE = budget.LAG / 2
"""How late a slot taken ahead may be used: the other half of what may pass between grant and arrival is the call's."""

_patience: ContextVar[timedelta] = ContextVar("patience", default=LONGEST_WAIT)
_lent: "ContextVar[Slot | None]" = ContextVar("lent", default=None)


@contextmanager
def patient() -> Iterator[None]:
    """Inside, a slot is waited for up to a minute, whatever stops: giving up would waste what was done elsewhere."""
    token = _patience.set(PATIENCE)
    try:
        yield
    finally:
        _patience.reset(token)


class Turnstile:
    """What every call to `system` passes: it waits for the next slot of a kind, up to some seconds; a stop ends that.

    It raises `Misconfigured` while the system is paused, and `Unavailable` where nothing may be sent now: nothing
    at all once the system was resumed after a pause, as secrets were read before it. Kinds have budgets of their own;
    when the other side asks for a rest, all of them have it. Safe to share between threads.
    """

    def __init__(
        self,
        ledger: Ledger,
        system: str,
        calls_per_minute: Callable[[str], int],
        *,
        timeout: timedelta,
        stop: threading.Event,
    ) -> None:
        self._ledger = ledger
        self._system = system
        self._calls_per_minute = calls_per_minute
        self._timeout = timeout
        self._stop = stop
        self._made = renewals(ledger, system)

    def __call__(self, kind: str = "") -> None:
        """Before a call of this kind; "" where the system counts all alike."""
        check(self._system, self._timeout)
        slot = _lent.get()
        wait = slot.used(self, kind) if slot else None
        if wait is None:
            wait = self._taken(kind)
        waiting = self._stop if _patience.get() == LONGEST_WAIT else threading.Event()
        if wait and waiting.wait(wait.total_seconds()):
            raise Unavailable(self._system, "the worker is stopping")
        check(self._system, self._timeout)

    def taken_by(self, connection: Connection) -> timedelta | None:
        """How long to wait for the slot that `connection` takes; None: it takes none, whyever."""
        if standing(connection, self._system) != ("", self._made):
            return None
        grant = budget.take_in(self._ledger, connection, self._system, self._pace(""))
        return grant.wait if grant.granted else None

    def _taken(self, kind: str) -> timedelta:
        name, first = f"{self._system} {kind}".rstrip(), partial(self._must_be_open, kind=kind)
        grant = budget.take(self._ledger, name, self._pace(kind), patience=_patience.get(), first=first)
        if not grant.granted:
            raise BudgetSpent(self._system, "its budget of calls is used up", retry_after=grant.wait)
        return grant.wait

    def _must_be_open(self, connection: Connection, kind: str) -> None:
        why, now = standing(connection, self._system)
        if why:
            raise Misconfigured(self._system, why)
        if now != self._made:
            raise Unavailable(self._system, "its secrets are read again after a resume")
        if kind and (rest := budget.rests(self._ledger, connection, self._system)):
            raise BudgetSpent(self._system, "it has asked for a rest", retry_after=rest)

    def _pace(self, kind: str) -> Pace:
        return Pace(self._calls_per_minute(kind))


def gate(ledger: Ledger, system: str, *, calls_per_minute: int, timeout: timedelta, stop: threading.Event) -> Turnstile:
    """For a system that counts all calls alike."""
    return Turnstile(ledger, system, lambda _kind: calls_per_minute, timeout=timeout, stop=stop)


class Slot:
    """A slot taken in the transaction that begins a step, for the first call that the step makes to `turnstile`.

    It saves that call's own transaction; where there is no slot, or it comes too late, the call takes one as ever.
    """

    def __init__(self, turnstile: Turnstile | None) -> None:
        self._turnstile = turnstile
        self._comes_at: float | None = None  # by the monotonic clock

    def take(self, connection: Connection) -> None:
        """Take it, if the system is open and its budget isn't used up. It is had when the transaction ends well."""
        wait = self._turnstile.taken_by(connection) if self._turnstile else None
        self._comes_at = None if wait is None else time.monotonic() + wait.total_seconds()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Inside, the first call has it."""
        token = _lent.set(self)
        try:
            yield
        finally:
            _lent.reset(token)

    def used(self, turnstile: Turnstile, kind: str) -> timedelta | None:
        """How long to wait for it; None: it isn't for that call, is used, or came so long ago that it is lost."""
        if turnstile is not self._turnstile or kind or self._comes_at is None:
            return None
        wait, self._comes_at = self._comes_at - time.monotonic(), None
        return None if wait < -LATE.total_seconds() else timedelta(seconds=max(0.0, wait))


def log_gate(ledger: Ledger, clock: Clock) -> LogGate:
    """Lets each of Duo's logs be read once a minute, by whichever worker or command, and however the call ends.

    It raises `Unavailable` with the time that is left.
    """

    def pass_through(name: str) -> None:
        with ledger.writing() as connection:
            left = marks.claim(connection, LOG_READ + name, clock(), LOG_EVERY)
        if left:
            raise BudgetSpent("duo", f"its {name} log was read less than a minute ago", retry_after=left)

    return pass_through


def beside(ledger: Ledger, system: str, *, calls_per_minute: int, timeout: timedelta, counts: bool) -> Gate:
    """The gate of each item of a call that has just passed `gate` itself: it waits for nothing.

    Where items count as calls too it takes a slot that is free at this moment. Raises `Unavailable` where the item may
    not go now.
    """
    pace = Pace(calls_per_minute)

    def pass_through() -> None:
        check(system, timeout)
        if counts and not (grant := budget.take(ledger, system, pace, patience=timedelta())).granted:
            raise BudgetSpent(system, "its budget of calls is used up", retry_after=grant.wait)

    return pass_through


def obey(ledger: Ledger, failed: ConnectorError) -> None:
    """Where the other side named a time to come back, let nobody call it before."""
    if isinstance(failed, Unavailable) and failed.retry_after is not None and not isinstance(failed, BudgetSpent):
        budget.rest(ledger, failed.system, failed.retry_after)
