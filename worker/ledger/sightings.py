"""Log-ins that Duo's authentication log told of, for people whose requests wait: a trigger, never a proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from worker.ledger.schema import requests, sightings
from worker.ledger.states import State
from worker.ledger.upsert import upsert


@dataclass(frozen=True)
class Sighting:
    """One log-in of one person."""

    txid: str
    duo_user_id: str
    at: datetime
    factor: str
    country: str


def anybody_waits(connection: Connection) -> bool:
    """Whether any request is followed up now."""
    asked = select(requests.c.id).where(requests.c.state == State.AWAITING).limit(1)
    return connection.execute(asked).first() is not None


def waiting_users(connection: Connection) -> frozenset[str]:
    """The Duo users whose requests are followed up now."""
    asked = select(requests.c.duo_user_id).where(requests.c.state == State.AWAITING)
    return frozenset(connection.execute(asked).scalars())


def put(connection: Connection, seen: Iterable[Sighting], now: datetime) -> None:
    """Keep them; the requests of their people are looked at now."""
    for one in seen:
        values = {"duo_user_id": one.duo_user_id, "at": one.at, "factor": one.factor, "country": one.country}
        upsert(connection, sightings, {"txid": one.txid}, values)
        connection.execute(
            update(requests)
            .where(requests.c.state == State.AWAITING, requests.c.duo_user_id == one.duo_user_id)
            .values(due_at=now, pokes=requests.c.pokes + 1)
        )


def has(connection: Connection, txid: str) -> bool:
    """Whether that row of the log is known."""
    return connection.execute(select(sightings.c.txid).where(sightings.c.txid == txid)).first() is not None


def of(connection: Connection, duo_user_id: str, since: datetime) -> list[Sighting]:
    """What was seen of a person since then, oldest first."""
    asked = (
        select(sightings)
        .where(sightings.c.duo_user_id == duo_user_id, sightings.c.at >= since)
        .order_by(sightings.c.at)
    )
    return [Sighting(row.txid, row.duo_user_id, row.at, row.factor, row.country) for row in connection.execute(asked)]


def forget(connection: Connection, before: datetime) -> None:
    """Drop those from before."""
    connection.execute(delete(sightings).where(sightings.c.at < before))
