"""Which reading of each ticket was dealt with, so that an overlapping poll passes it over."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from worker.ledger.schema import seen
from worker.ledger.upsert import upsert


def put(connection: Connection, system: str, ticket_id: str, stamp: str, now: datetime) -> None:
    """This reading is dealt with."""
    upsert(connection, seen, {"system": system, "ticket_id": ticket_id}, {"stamp": stamp, "at": now})


def has(connection: Connection, system: str, ticket_id: str, stamp: str) -> bool:
    """Whether exactly this reading was."""
    asked = select(seen.c.stamp).where(seen.c.system == system, seen.c.ticket_id == ticket_id)
    return connection.execute(asked).scalar_one_or_none() == stamp


def forget(connection: Connection, before: datetime) -> None:
    """Drop readings older than any poll's overlap."""
    connection.execute(delete(seen).where(seen.c.at < before))
