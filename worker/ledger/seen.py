"""Which reading of each ticket was dealt with, so that an overlapping poll passes it over."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from worker.ledger.schema import seen
from worker.ledger.upsert import upsert

AT_ONCE: Final = 500


def put(connection: Connection, system: str, ticket_id: str, stamp: str, now: datetime) -> None:
    """This reading is dealt with."""
    upsert(connection, seen, {"system": system, "ticket_id": ticket_id}, {"stamp": stamp, "at": now})


def known(connection: Connection, system: str, readings: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those readings, of a ticket's id and its stamp, that were."""
    ids = list(dict.fromkeys(ticket_id for ticket_id, _ in readings))
    found: set[tuple[str, str]] = set()
    for place in range(0, len(ids), AT_ONCE):
        asked = {"ticket_system": system, "tickets": ids[place : place + AT_ONCE]}
        found.update((row.ticket_id, row.stamp) for row in connection.execute(_OF_TICKETS, asked))
    return found & set(readings)


def forget(connection: Connection, before: datetime) -> None:
    """Drop readings older than any poll's overlap."""
    connection.execute(delete(seen).where(seen.c.at < before))


_OF_TICKETS = select(seen.c.ticket_id, seen.c.stamp).where(
    seen.c.system == bindparam("ticket_system"), seen.c.ticket_id.in_(bindparam("tickets", expanding=True))
)
