"""The journal of steps: written before something is sent and again when its answer is in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from worker.ledger import events
from worker.ledger.authentic import as_ours, put
from worker.ledger.database import Check, Ledger, Within, nothing
from worker.ledger.leases import Claim, fenced, fresh
from worker.ledger.rows import StepRow, step_of
from worker.ledger.schema import made_phones, marks, requests, steps
from worker.ledger.upsert import upsert

HOUR = timedelta(hours=1)


class CapReached(Exception):
    """So many of these steps were begun within the hour that this one must wait until `until`."""

    def __init__(self, what: str, until: datetime) -> None:
        super().__init__(what)
        self.what = what
        self.until = until


@dataclass(frozen=True)
class Cap:
    """At most `count` beginnings of steps named `names` within an hour; `what` names them for an operator."""

    what: str
    names: tuple[str, ...]
    count: int


def of(ledger: Ledger, request_id: int) -> Sequence[StepRow]:
    """All steps of a request, in order; `forged` are those that aren't as the worker wrote them."""
    with ledger.asking() as connection:
        rows = connection.execute(_OF_REQUEST, {"request": request_id})
        return [as_ours(ledger.keys, step_of(row)) for row in rows]


def begin(
    ledger: Ledger,
    holder: Claim,
    step: StepRow,
    intent: dict[str, Any],
    now: datetime,
    *,
    cap: Cap | None = None,
    first: Check = nothing,
) -> StepRow:
    """Write down that an attempt is about to be sent, and what it is; commits before anything is sent. The row then.

    Raises:
        CapReached: Nothing was written.
        LeaseLost: Nothing was written.
    """
    with fenced(ledger, holder) as connection:
        first(connection)
        if cap is not None and step.state == "planned":
            _check_cap(connection, cap, now)
        begun = replace(step, state="begun", attempts=step.attempts + 1, intents=(*step.intents, intent), begun_at=now)
        return put(connection, ledger.keys, begun)


def refused(ledger: Ledger, holder: Claim, step: StepRow, code: str, now: datetime) -> StepRow:
    """Write down that the other side answered plainly that it won't: nothing of this attempt may come later."""
    with fenced(ledger, holder) as connection:
        failed = put(connection, ledger.keys, replace(step, state="failed", result={"refused": code}, ended_at=now))
        events.note(connection, holder.request.id, "step_refused", now, step=step.name, code=code)
        return failed


def end(
    ledger: Ledger,
    holder: Claim,
    step: StepRow,
    now: datetime,
    *,
    result: dict[str, Any],
    secret: str | None = None,
    made_phone: str = "",
    also: Within = nothing,
    **values: Any,
) -> tuple[Claim, StepRow]:
    """Write down that it is done, and with what; the claim and the row then.

    `secret` is sealed, `made_phone` marked for good as ours, `values` set on the request, and `also` writes, all in
    one transaction.
    """
    sealed = None if secret is None else ledger.keys.seal(secret)
    with fenced(ledger, holder, **values) as connection:
        done = put(connection, ledger.keys, replace(step, state="done", result=result, secret=sealed, ended_at=now))
        if made_phone:
            upsert(connection, made_phones, {"phone_id": made_phone}, {"at": now})
        also(connection)
        events.note(connection, holder.request.id, "step_done", now, step=step.name)
        return fresh(connection, holder) if values else holder, done


def not_sent(ledger: Ledger, holder: Claim, step: StepRow) -> StepRow:
    """Take the beginning of `step`'s latest attempt back: it is certain that nothing was sent."""
    with fenced(ledger, holder) as connection:
        return put(connection, ledger.keys, replace(step, state="planned"))


def attempts_of_person(
    connection: Connection, system: str, person: str, name: str, since: datetime, *, besides: tuple[int, int] = (0, 0)
) -> int:
    """How often a step of this name was begun for the person since then, but for a round of a request (`besides`)."""
    request, round_ = besides
    asked = {"system": system, "person": person, "name": name, "since": since, "request": request, "round": round_}
    return int(connection.execute(_ATTEMPTS, asked).scalar_one())


def _check_cap(connection: Connection, cap: Cap, now: datetime) -> None:
    connection.execute(_ONE_AT_A_TIME, {"now": now})  # on PostgreSQL; in SQLite every transaction is
    asked = {"names": cap.names, "since": now - HOUR, "count": cap.count}
    times = list(connection.execute(_LATEST, asked).scalars())
    if len(times) >= cap.count:
        raise CapReached(cap.what, min(times) + HOUR)


# Made once, as they stand before every step that issues something.
_ATTEMPTS = (
    select(func.coalesce(func.sum(steps.c.attempts), 0))
    .join(requests)
    .where(requests.c.system == bindparam("system"), requests.c.person == bindparam("person"))
    .where(or_(requests.c.id != bindparam("request"), steps.c.round != bindparam("round")))
    .where(steps.c.name == bindparam("name"), steps.c.begun_at >= bindparam("since"))
)
_ONE_AT_A_TIME = update(marks).where(marks.c.name == "caps").values(at=bindparam("now"))
_LATEST = (
    select(steps.c.begun_at)
    .where(steps.c.name.in_(bindparam("names", expanding=True)), steps.c.begun_at > bindparam("since"))
    .order_by(steps.c.begun_at.desc())
    .limit(bindparam("count"))
)
_OF_REQUEST = select(steps).where(steps.c.request_id == bindparam("request")).order_by(steps.c.seq)
