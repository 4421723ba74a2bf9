"""What stands before every outward call: a paused system, a lease that ends too soon, a spent budget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from sqlalchemy import Connection

from connectors.errors import ConnectorError, Misconfigured, Unavailable
from connectors.gate import Gate, LogGate
from worker.brakes import renewals, standing
from worker.case import Clock
from worker.lease_time import check
from worker.ledger import budget, marks
from worker.ledger.budget import LONGEST_WAIT, PATIENCE, Pace
from worker.ledger.database import Ledger

LOG_READ = "log_read:"
LOG_EVERY = timedelta(minutes=1) + budget.LAG
"""Between two readings of a log of Duo's, so that no minute has two arrivals."""


class BudgetSpent(Unavailable):
    """Our own budget of calls is used up for now; the other side said nothing."""


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
    """Waits for the next slot of `system`, up to some seconds; a stop ends the wait.

    It raises `Misconfigured` while the system is paused, and `Unavailable` where nothing may be sent now: nothing
    at all once the system was resumed after a pause, as secrets were read before it.
    """
    pace, made = Pace(calls_per_minute), renewals(ledger, system)

    def is_open(connection: Connection) -> None:
        why, now = standing(connection, system)
        if why:
            raise Misconfigured(system, why)
        if now != made:
            raise Unavailable(system, "its secrets are read again after a resume")

    def pass_through() -> None:
        check(system, timeout)
        grant = budget.take(ledger, system, pace, patience=_patience.get(), first=is_open)
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


def obey(ledger: Ledger, failed: ConnectorError) -> None:
    """Where the other side named a time to come back, let nobody call it before."""
    if isinstance(failed, Unavailable) and failed.retry_after is not None and not isinstance(failed, BudgetSpent):
        budget.rest(ledger, failed.system, failed.retry_after)
