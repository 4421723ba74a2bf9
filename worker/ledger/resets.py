"""Password-reset tickets seen, by person: a reset and a new factor on one day want a person's look."""

from datetime import datetime

from sqlalchemy import Connection, delete

from worker.ledger.schema import resets
from worker.ledger.upsert import upsert


def put(connection: Connection, system: str, ticket_id: str, person: str, filed_at: datetime) -> None:
    """Remember it."""
    upsert(connection, resets, {"system": system, "ticket_id": ticket_id}, {"person": person, "filed_at": filed_at})


def forget(connection: Connection, before: datetime) -> None:
    """Drop those filed before."""
    connection.execute(delete(resets).where(resets.c.filed_at < before))
