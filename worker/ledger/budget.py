"""How often a system may be called: one row per system, a slot per call, on the database's clock.

Slots are evenly spaced with a small burst, spaced so that no 60 seconds hold more calls than the limit *as the other
side counts arrivals*, with a second between grant and arrival allowed. All workers share the row. A system that counts
kinds of calls apart has a row for each kind, and one of its own for the rests that it asks for.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select, update

from worker.ledger.columns import microseconds
from worker.ledger.database import Check, Ledger, nothing
from worker.ledger.schema import budgets
from worker.ledger.upsert import insert_into

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


def take(
    ledger: Ledger,
    system: str,
    pace: Pace,
    *,
    patience: timedelta = LONGEST_WAIT,
    first: Check = nothing,
) -> Grant:
    """The next slot, unless it is further off than `patience` (PATIENCE at most): then nothing is taken.

    `first` is asked in the same transaction.

    A slot further off than could have been granted means that the clock was set back: the count starts anew a
    whole window later, so that the limit holds all the same.
    """
    with ledger.writing() as connection:
        first(connection)
        return take_in(ledger, connection, system, pace, patience=patience)


def take_in(
    ledger: Ledger, connection: Connection, system: str, pace: Pace, *, patience: timedelta = LONGEST_WAIT
) -> Grant:
    """As `take`, in a transaction under way: the slot is had when that ends well."""
    interval = microseconds(pace.interval)
    row = _locked(ledger, connection, system)
    now = int(row.now)
    next_slot = max(row.next_slot, row.not_before, now - pace.burst * interval)
    furthest = now + microseconds(PATIENCE) + interval
    if row.next_slot > furthest + microseconds(LAG):
        next_slot = now + microseconds(WINDOW + LAG)
        _write(connection, system, next_slot=now, not_before=next_slot)
    wait = max(0, next_slot - now)
    if wait > microseconds(patience):
        return Grant(False, timedelta(microseconds=wait))
    _write(connection, system, next_slot=next_slot + interval, not_before=row.not_before)
    return Grant(True, timedelta(microseconds=wait))


def rest(ledger: Ledger, system: str, pause: timedelta) -> None:
    """No call before `pause` has passed: the other side said so."""
    with ledger.writing() as connection:
        row = _locked(ledger, connection, system)
        now = int(row.now)
        not_before = max(row.not_before, now + microseconds(pause))
        _write(connection, system, next_slot=max(row.next_slot, now), not_before=not_before)


def rests(ledger: Ledger, connection: Connection, system: str) -> timedelta:
    """How long nobody may call `system` because it said so: for budgets that are a part of it only."""
    row = connection.execute(_asking(ledger.now, locked=False), {"name": system}).one_or_none()
    return timedelta(microseconds=max(0, row.not_before - row.now)) if row else timedelta()


def _locked(ledger: Ledger, connection: Connection, system: str) -> Row[Any]:
    """The system's row, which nobody else gets before this transaction ends; a new one says that nothing was taken.

    With `now` by the database's clock when the lock was had, for which it may have been waited.
    """
    asked = _asking(ledger.now, locked=True)
    row = connection.execute(asked, {"name": system}).one_or_none()
    if row is None:
        unused = insert_into(connection, budgets).values(system=system, next_slot=0, not_before=0)
        connection.execute(unused.on_conflict_do_nothing())
        row = connection.execute(asked, {"name": system}).one()
    return row


def _write(connection: Connection, system: str, *, next_slot: int, not_before: int) -> None:
    """The row that this transaction has locked."""
    connection.execute(_WRITTEN, {"name": system, "next_slot": next_slot, "not_before": not_before})


@lru_cache(maxsize=8)
def _asking(now: ColumnElement[int], *, locked: bool) -> Select[Any]:
    """Made once, as it stands before every call. The row comes first, so that the clock is read with the lock held."""
    row = select(budgets).where(budgets.c.system == bindparam("name"))
    found = (row.with_for_update() if locked else row).cte("found")
    return select(found, now.label("now"))


_WRITTEN = (
    update(budgets)
    .where(budgets.c.system == bindparam("name"))
    .values(next_slot=bindparam("next_slot"), not_before=bindparam("not_before"))
)
