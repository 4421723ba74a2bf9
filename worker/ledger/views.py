"""What operators may see of the ledger: no secret, no whole number, nobody's name but the user name asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from worker.ledger.rows import Request, StepRow, request_of, step_of
from worker.ledger.schema import events, requests, steps
from worker.ledger.states import State


@dataclass(frozen=True)
class Event:
    """One line of a request's story."""

    at: datetime
    name: str
    detail: dict[str, Any]


def listed(connection: Connection, *, states: Iterable[State] = (), limit: int = 200) -> list[Request]:
    """The latest requests, those that changed last first; `states` empty: all."""
    asked = select(requests).order_by(requests.c.state_at.desc(), requests.c.id.desc()).limit(limit)
    wanted = list(states)
    if wanted:
        asked = asked.where(requests.c.state.in_(wanted))
    return [request_of(row) for row in connection.execute(asked)]


def named(connection: Connection, name: str) -> list[Request]:
    """The requests that people call by this number: the task's, the item's or the request's; by id as well."""
    asked = select(requests).where(
        or_(
            requests.c.number == name,
            requests.c.ticket_id == name,
            requests.c.other_numbers.cast(requests.c.number.type).contains(f'"{name}"', autoescape=True),
        )
    )
    return [request_of(row) for row in connection.execute(asked)]


def of_person(connection: Connection, user_name: str) -> list[Request]:
    """All requests of a person."""
    asked = select(requests).where(func.lower(requests.c.user_name) == user_name.lower())
    return [request_of(row) for row in connection.execute(asked)]


def begun_since(connection: Connection, since: datetime) -> list[Request]:
    """Requests for which something was begun since then."""
    begun = select(steps.c.request_id).where(steps.c.begun_at >= since)
    return [request_of(row) for row in connection.execute(select(requests).where(requests.c.id.in_(begun)))]


def story(connection: Connection, request: Request) -> tuple[list[StepRow], list[Event]]:
    """What was done for a request, and what happened to it."""
    done = select(steps).where(steps.c.request_id == request.id).order_by(steps.c.seq)
    happened = select(events).where(events.c.request_id == request.id).order_by(events.c.id)
    return (
        [step_of(row) for row in connection.execute(done)],
        [Event(row.at, row.name, row.detail) for row in connection.execute(happened)],
    )


def moved_since(connection: Connection, since: datetime) -> dict[str, int]:
    """How many requests came to the state they are in since then, by state."""
    asked = select(requests.c.state, func.count()).where(requests.c.state_at >= since).group_by(requests.c.state)
    return {str(state): int(count) for state, count in connection.execute(asked)}


def counted(connection: Connection) -> dict[str, int]:
    """How many requests are in each state; every state is there."""
    rows = connection.execute(select(requests.c.state, func.count()).group_by(requests.c.state))
    found = {state: count for state, count in rows}  # noqa: C416 - a row unpacks, a dict of rows doesn't type
    return {str(state): int(found.get(state, 0)) for state in State}


def backlog(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many requests are due, and since when the oldest of them is."""
    asked = select(func.count(), func.min(requests.c.due_at)).where(requests.c.due_at <= now)
    count, oldest = connection.execute(asked).one()
    return int(count), oldest
