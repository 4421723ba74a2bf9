"""Which requests the reconciler should look at: what ended lately, what waits, what was never taken back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select, update

from worker.ledger import events
from worker.ledger.rows import Request, request_of
from worker.ledger.schema import events as happened
from worker.ledger.schema import requests, steps
from worker.ledger.states import State

ENDED = (State.HELD, State.UNSURE, State.REFUSED, State.CLOSED)
WATCHED = (State.ACTING, State.AWAITING)
REMEMBERED = timedelta(days=30)


def ended(
    connection: Connection,
    code_step: str,
    undo_steps: Iterable[str],
    checked: str,
    *,
    after: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Request]:
    """Requests for which a code was begun, that ended in that time and have no event `checked` since; oldest first.

    Those that are about to undo something are not among them.
    """
    begun = select(steps.c.id).where(
        steps.c.request_id == requests.c.id, steps.c.name == code_step, steps.c.attempts > 0
    )
    asked = (
        select(requests)
        .where(requests.c.state.in_(ENDED), requests.c.state_at > after, requests.c.state_at <= until)
        .where(begun.exists(), ~_to_undo(undo_steps).exists(), ~_has_event_since(checked).exists())
    )
    return _read(connection, asked.order_by(requests.c.state_at, requests.c.id).limit(limit))


def enrolled(
    connection: Connection, checked: str, *, after: datetime, until: datetime, limit: int
) -> Sequence[Request]:
    """Requests whose person was enrolled in that time, and that have no event `checked` since; oldest first."""
    asked = (
        select(requests)
        .where(requests.c.state == State.CLOSED, requests.c.how == "enrolled")
        .where(requests.c.state_at > after, requests.c.state_at <= until, ~_has_event_since(checked).exists())
    )
    return _read(connection, asked.order_by(requests.c.state_at, requests.c.id).limit(limit))


def waiting(connection: Connection, now: datetime, *, after: int, limit: int) -> Sequence[Request]:
    """Requests that wait for a time or for somebody, from the one after the id `after` on."""
    asked = (
        select(requests)
        .where(requests.c.state != State.CLOSED, requests.c.id > after)
        .where(or_(requests.c.due_at.is_(None), requests.c.due_at > now))
    )
    return _read(connection, asked.order_by(requests.c.id).limit(limit))


def overdue(
    connection: Connection, code_step: str, undo_step: str, now: datetime, *, begun_before: datetime, limit: int
) -> Sequence[Request]:
    """Requests with a code begun before that time that was never taken back, and that aren't due to do so."""
    undoing = steps.alias()
    undone = select(undoing.c.id).where(
        undoing.c.request_id == steps.c.request_id,
        undoing.c.target == steps.c.seq,
        undoing.c.name == undo_step,
        undoing.c.state.in_(("begun", "done")),
    )
    old = select(steps.c.request_id).where(
        steps.c.name == code_step,
        steps.c.attempts > 0,
        steps.c.begun_at > begun_before - REMEMBERED,
        steps.c.begun_at < begun_before,
        ~undone.exists(),
    )
    later = or_(requests.c.due_at.is_(None), requests.c.due_at > now)
    return _read(connection, select(requests).where(requests.c.id.in_(old), later).limit(limit))


def asleep(connection: Connection, undo_steps: Iterable[str], *, limit: int) -> Sequence[Request]:
    """Requests that have something to do and no time to do it at."""
    unfinished = or_(requests.c.state.in_(WATCHED), and_(requests.c.state.in_(ENDED), _to_undo(undo_steps).exists()))
    return _read(connection, select(requests).where(requests.c.due_at.is_(None), unfinished).limit(limit))


def wake(connection: Connection, request: Request, event: str, now: datetime) -> None:
    """The request is due now, for the reason that `event` names."""
    connection.execute(
        update(requests).where(requests.c.id == request.id).values(due_at=now, pokes=requests.c.pokes + 1)
    )
    events.note(connection, request.id, event, now)


def _to_undo(undo_steps: Iterable[str]) -> Select[Any]:
    return select(steps.c.id).where(
        steps.c.request_id == requests.c.id,
        steps.c.state.in_(("planned", "begun")),
        steps.c.name.in_(sorted(undo_steps)),
    )


def _has_event_since(name: str) -> Select[Any]:
    """An event of that name since the request came into its state."""
    return select(happened.c.id).where(
        happened.c.request_id == requests.c.id, happened.c.name == name, happened.c.at >= requests.c.state_at
    )


def _read(connection: Connection, asked: Select[Any]) -> Sequence[Request]:
    return [request_of(row) for row in connection.execute(asked)]
