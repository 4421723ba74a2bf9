"""What stands before every outward call: a paused system, a lease that ends too soon, a spent budget."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

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


_patience: ContextVar[timedelta] = ContextVar("patience", default=LONGEST_WAIT)


@contextmanager
def patient() -> Iterator[None]:
    """Inside, a slot is waited for up to a minute, whatever stops: giving up would waste what was done elsewhere."""
    token = _patience.set(PATIENCE)
    try:
        yield
    finally:
        _patience.reset(token)


def gate(ledger: Ledger, system: str, *, calls_per_minute: int, timeout: timedelta, stop: threading.Event) -> Gate:
    """As `gates`, for a system that counts all calls alike."""
    pass_through = gates(ledger, system, lambda _kind: calls_per_minute, timeout=timeout, stop=stop)
    return lambda: pass_through("")


def gates(
    ledger: Ledger, system: str, calls_per_minute: Callable[[str], int], *, timeout: timedelta, stop: threading.Event
) -> Callable[[str], None]:
    """Waits for the next slot of `system` for a kind of call, up to some seconds; a stop ends the wait.

    It raises `Misconfigured` while the system is paused, and `Unavailable` where nothing may be sent now: nothing
    at all once the system was resumed after a pause, as secrets were read before it. Kinds have budgets of their own;
    when the other side asks for a rest, all of them have it.
    """
    made = renewals(ledger, system)

    def is_open(connection: Connection, kind: str) -> None:
        why, now = standing(connection, system)
        if why:
            raise Misconfigured(system, why)
        if now != made:
            raise Unavailable(system, "its secrets are read again after a resume")
        if kind and (rest := budget.rests(ledger, connection, system)):
            raise BudgetSpent(system, "it has asked for a rest", retry_after=rest)

    def pass_through(kind: str) -> None:
        check(system, timeout)
        name, pace = f"{system} {kind}".rstrip(), Pace(calls_per_minute(kind))
        grant = budget.take(ledger, name, pace, patience=_patience.get(), first=lambda found: is_open(found, kind))
        if not grant.granted:
            raise BudgetSpent(system, "its budget of calls is used up", retry_after=grant.wait)
        waiting = stop if _patience.get() == LONGEST_WAIT else threading.Event()
        if grant.wait and waiting.wait(grant.wait.total_seconds()):
            raise Unavailable(system, "the worker is stopping")
        check(system, timeout)

    return pass_through


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
