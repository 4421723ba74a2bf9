"""How often a system may be called: one row per system, a slot per call, on the database's clock.

Slots are evenly spaced with a small burst, spaced so that no 60 seconds hold more calls than the limit *as the other
side counts arrivals*, with a second between grant and arrival allowed. All workers share the row.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, select, update

from worker.ledger.columns import microseconds
from worker.ledger.database import Ledger
from worker.ledger.schema import budgets
from worker.ledger.upsert import upsert

WINDOW = timedelta(seconds=60)
LAG = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=10)
PATIENCE = timedelta(seconds=60)
"""How long a call is waited for whose lack would waste another one just made."""


@dataclass(frozen=True)
class Pace:
    """The spacing of slots for a limit of `calls_per_minute`."""

    calls_per_minute: int

    @property
    def burst(self) -> int:
        """Slots that may be taken at once after a pause."""
        return min(4, (self.calls_per_minute - 1) // 50)

    @property
    def interval(self) -> timedelta:
        """From slot to slot: every span of WINDOW + LAG holds at most limit − burst − 1 of them, plus the burst."""
        return (WINDOW + LAG) / max(1, self.calls_per_minute - self.burst - 1)


@dataclass(frozen=True)
class Grant:
    """The answer: `granted` with how long to wait for the slot, or not granted with when to ask again."""

    granted: bool
    wait: timedelta


def take(ledger: Ledger, system: str, pace: Pace, *, patience: timedelta = LONGEST_WAIT) -> Grant:
    """The next slot, unless it is further off than `patience` (PATIENCE at most): then nothing is taken.

    A slot further off than could have been granted means that the clock was set back: the count starts anew a
    whole window later, so that the limit holds all the same.
    """
    interval = microseconds(pace.interval)
    with ledger.writing() as connection:
        now = int(connection.execute(select(ledger.now)).scalar_one())
        row = connection.execute(select(budgets).where(budgets.c.system == system).with_for_update()).one_or_none()
        earliest = now - pace.burst * interval
        next_slot = earliest if row is None else max(row.next_slot, row.not_before, earliest)
        furthest = now + microseconds(PATIENCE) + interval
        if row is not None and row.next_slot > furthest + microseconds(LAG):
            next_slot = now + microseconds(WINDOW + LAG)
            upsert(connection, budgets, {"system": system}, {"next_slot": now, "not_before": next_slot})
        wait = max(0, next_slot - now)
        if wait > microseconds(patience):
            return Grant(False, timedelta(microseconds=wait))
        values = {"next_slot": next_slot + interval, "not_before": 0 if row is None else row.not_before}
        upsert(connection, budgets, {"system": system}, values)
    return Grant(True, timedelta(microseconds=wait))


def rest(ledger: Ledger, system: str, pause: timedelta) -> None:
    """No call before `pause` has passed: the other side said so."""
    until = ledger.now + microseconds(pause)
    with ledger.writing() as connection:
        known = connection.execute(
            update(budgets)
            .where(budgets.c.system == system)
            .values(not_before=case((budgets.c.not_before > until, budgets.c.not_before), else_=until))
        )
        if known.rowcount == 0:
            now = int(connection.execute(select(ledger.now)).scalar_one())
            start = {"next_slot": now, "not_before": now + microseconds(pause)}
            upsert(connection, budgets, {"system": system}, start)
