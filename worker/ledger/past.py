"""What past requests left in the ledger, read in bulk: for what looks back over many of them. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from worker.ledger.rows import Request, StepRow, request_of, step_of
from worker.ledger.schema import events, requests, sightings, steps
from worker.ledger.views import Event


class Filing(NamedTuple):
    """That a person filed a request."""

    system: str
    person: str
    number: str
    filed_at: datetime


def chosen(outcome: str, then: str) -> str:
    """An outcome and what follows it, in words."""
    return f"{outcome} → {then}" if then else outcome


def decided_since(connection: Connection, since: datetime) -> list[Request]:
    """Requests last decided then or later, the oldest first; the facts they have are those of that decision."""
    asked = select(requests).where(requests.c.decided_at >= since).order_by(requests.c.decided_at, requests.c.id)
    return [request_of(row) for row in connection.execute(asked)]


def given_again(connection: Connection) -> dict[int, datetime]:
    """When the ladder last gave something again, by the request's id."""
    asked = (
        select(events.c.request_id, func.max(events.c.at))
        .where(events.c.name == "given_again")
        .group_by(events.c.request_id)
    )
    return {row[0]: row[1] for row in connection.execute(asked)}


def filed_since(connection: Connection, since: datetime) -> list[Request]:
    """Requests filed then or later, the oldest first."""
    asked = select(requests).where(requests.c.filed_at >= since).order_by(requests.c.filed_at, requests.c.id)
    return [request_of(row) for row in connection.execute(asked)]


def steps_named(connection: Connection, names: Collection[str], filed_since: datetime) -> dict[int, list[StepRow]]:
    """The steps of these names of the requests filed since then, in their order, by the request's id."""
    asked = (
        select(steps)
        .join(requests)
        .where(requests.c.filed_at >= filed_since, steps.c.name.in_(names))
        .order_by(steps.c.seq)
    )
    found: dict[int, list[StepRow]] = defaultdict(list)
    for row in connection.execute(asked):
        found[row.request_id].append(step_of(row))
    return found


def events_named(connection: Connection, names: Collection[str], filed_since: datetime) -> dict[int, list[Event]]:
    """The events of these names of the requests filed since then, in their order, by the request's id."""
    asked = (
        select(events)
        .join(requests)
        .where(requests.c.filed_at >= filed_since, events.c.name.in_(names))
        .order_by(events.c.id)
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for row in connection.execute(asked):
        found[row.request_id].append(Event(row.at, row.name, row.detail))
    return found


def filings(connection: Connection, since: datetime) -> list[Filing]:
    """Everything filed then or later, the oldest first."""
    asked = (
        select(requests.c.system, requests.c.person, requests.c.number, requests.c.filed_at)
        .where(requests.c.filed_at >= since)
        .order_by(requests.c.filed_at, requests.c.id)
    )
    return [Filing(*row) for row in connection.execute(asked)]


def sighted(connection: Connection, factor: str) -> dict[str, list[datetime]]:
    """When log-ins with this factor were seen, by Duo user; only of people who waited, and only of the latest weeks."""
    asked = select(sightings.c.duo_user_id, sightings.c.at).where(sightings.c.factor == factor).order_by(sightings.c.at)
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in connection.execute(asked):
        found[row.duo_user_id].append(row.at)
    return found
