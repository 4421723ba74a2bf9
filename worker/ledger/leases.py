"""Who may act on a request, or run a tick, right now: a lease on the database's clock, and a fence on every write.

A claim is compare-and-set; the fence counts claims, so whoever comes back late finds another number and can't write.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from worker.ledger.columns import NOW, microseconds
from worker.ledger.database import Check, Ledger, nothing
from worker.ledger.rows import Request, request_of
from worker.ledger.schema import leases, requests, seen
from worker.ledger.upsert import insert_into

NOTHING_BOUND: Final[Mapping[str, Any]] = {}


class LeaseLost(Exception):
    """Somebody else may have the request by now: stop, write nothing, send nothing."""


@dataclass(frozen=True)
class Claim:
    """The right to act on one request until the lease ends.

    `request` is the row as last read under the claim; `pokes` is the row's count of changes when it was claimed.
    `stamp` is that of the latest reading of its ticket which any worker has dealt with; None: nobody has.
    """

    request: Request
    owner: str
    lease: timedelta
    pokes: int
    stamp: str | None = None


def claim(ledger: Ledger, request_id: int, *, owner: str, lease: timedelta, due_by: datetime | None) -> Claim | None:
    """Take the request if nobody has it and, unless `due_by` is None, it is due; None where that isn't so.

    One that is taken over, because whoever had it never gave it back, has met a death.
    """
    wanted = {"wanted_id": request_id, "wanted_by": owner, "due_by": due_by}
    with ledger.writing() as connection:
        row = connection.execute(_taking(lease, only_if_due=due_by is not None), wanted).one_or_none()
        if row is None:
            return None
        ticket = {"ticket_system": row.system, "ticket": row.ticket_id}
        stamp = connection.execute(_DEALT_WITH, ticket).scalar_one_or_none()
    return Claim(request_of(row), owner, lease, row.pokes, stamp)


@contextmanager
def fenced(
    ledger: Ledger, holder: Claim, bound: Mapping[str, Any] = NOTHING_BOUND, **values: Any
) -> Iterator[Connection]:
    """A transaction that is only written while `holder` still has the request; it renews the lease and sets `values`.

    `bound` are the parameters of those of them that are expressions.

    Raises:
        LeaseLost: The lease has ended, or somebody else took the request; nothing is written.
    """
    with ledger.writing() as connection:
        if _write(connection, holder, {"lease_until": _until(holder.lease), **values}, bound) != 1:
            raise LeaseLost(f"{holder.request.number}: the lease of {holder.owner} has ended")
        yield connection


def renew(ledger: Ledger, holder: Claim, *, first: Check = nothing) -> None:
    """Begin the lease anew.

    Raises:
        LeaseLost: It has ended.
    """
    with fenced(ledger, holder) as connection:
        first(connection)


def fresh(connection: Connection, holder: Claim) -> Claim:
    """The claim with the row as it is now."""
    row = connection.execute(_ROW, {"held_id": holder.request.id}).one()
    return replace(holder, request=request_of(row))


def release(ledger: Ledger, holder: Claim) -> None:
    """Give the request back; without effect for whoever no longer has it."""
    _give_back(ledger, holder)


def drop(ledger: Ledger, holder: Claim, **values: Any) -> None:
    """Give the request back after a bug, which is counted, and set `values`; without effect as `release` is."""
    _give_back(ledger, holder, bugs=_ONE_MORE_BUG, **values)


def _give_back(ledger: Ledger, holder: Claim, **values: Any) -> None:
    with ledger.writing() as connection:
        _write(connection, holder, GIVEN_BACK | values)


def release_all(ledger: Ledger, owner_prefix: str) -> int:
    """Give back what a worker of this prefix held when it died; how many requests. For the one process that may act."""
    with ledger.writing() as connection:
        connection.execute(delete(leases).where(leases.c.owner.startswith(owner_prefix, autoescape=True)))
        freed = connection.execute(
            update(requests)
            .where(requests.c.lease_owner.startswith(owner_prefix, autoescape=True))
            .values(lease_owner="", lease_until=0, deaths=requests.c.deaths + 1)
        )
    return freed.rowcount


def hold(ledger: Ledger, name: str, *, owner: str, lease: timedelta) -> bool:
    """Take or renew the lease of what must run once at a time; False while another owner has it."""
    with ledger.writing() as connection:
        taking = insert_into(connection, leases).values(name=name, owner=owner, until=_until(lease))
        free = or_(leases.c.owner == owner, leases.c.until < NOW)
        ours = {"owner": taking.excluded.owner, "until": taking.excluded.until}
        writing = taking.on_conflict_do_update(index_elements=["name"], set_=ours, where=free)
        return connection.execute(writing.returning(leases.c.owner)).first() is not None


def let_go(ledger: Ledger, name: str, *, owner: str) -> None:
    """Give it back; without effect for whoever doesn't have it."""
    with ledger.writing() as connection:
        connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))


def _write(
    connection: Connection, holder: Claim, values: Mapping[str, Any], bound: Mapping[str, Any] = NOTHING_BOUND
) -> int:
    """Set `values` on the row while `holder` has it; on how many rows that was."""
    held = {"held_id": holder.request.id, "held_by": holder.owner, "held_fence": holder.request.fence}
    expressions = {name: value for name, value in values.items() if isinstance(value, ClauseElement)}
    plain = {name: value for name, value in values.items() if name not in expressions}
    statement = _writing(tuple(plain), tuple(expressions.items()))
    written = connection.execute(statement, {**held, **bound, **{f"new_{name}": plain[name] for name in plain}})
    return written.rowcount


@cache
def _until(lease: timedelta) -> ColumnElement[int]:
    return NOW + microseconds(lease)


@lru_cache(maxsize=256)
def _writing(names: tuple[str, ...], expressions: tuple[tuple[str, ClauseElement], ...]) -> Update:
    """Made once for each set of columns, as one stands around every step."""
    set_to: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(requests).where(_STILL_HELD).values({**set_to, **dict(expressions)})


@cache
def _taking(lease: timedelta, *, only_if_due: bool) -> ReturningUpdate[Any]:
    taking = update(requests).where(requests.c.id == bindparam("wanted_id"), requests.c.lease_until < NOW)
    if only_if_due:
        taking = taking.where(requests.c.due_at <= bindparam("due_by"))
    return taking.values(
        lease_owner=bindparam("wanted_by"),
        lease_until=_until(lease),
        fence=requests.c.fence + 1,
        deaths=requests.c.deaths + case((requests.c.lease_owner == "", 0), else_=1),
    ).returning(*requests.c)


def held_now(connection: Connection) -> int:
    """How many requests somebody is working on."""
    counted = select(func.count()).select_from(requests).where(requests.c.lease_until >= NOW)
    return int(connection.execute(counted).scalar_one())


_ONE_MORE_BUG = requests.c.bugs + 1
GIVEN_BACK = {"lease_owner": "", "lease_until": 0}
"""What a row has that nobody works on."""
_ROW = select(requests).where(requests.c.id == bindparam("held_id"))
_STILL_HELD = and_(
    requests.c.id == bindparam("held_id"),
    requests.c.lease_owner == bindparam("held_by"),
    requests.c.fence == bindparam("held_fence"),
    requests.c.lease_until >= NOW,
)
_DEALT_WITH = select(seen.c.stamp).where(
    seen.c.system == bindparam("ticket_system"), seen.c.ticket_id == bindparam("ticket")
)
