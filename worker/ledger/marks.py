"""Small named values the worker remembers: the poll's mark, brakes, the directory, the probe of the fingerprint."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from worker.ledger.schema import marks
from worker.ledger.upsert import upsert


def get(connection: Connection, name: str) -> tuple[Any, datetime] | None:
    """The value and when it was set; None where it never was."""
    row = connection.execute(select(marks.c.value, marks.c.at).where(marks.c.name == name)).one_or_none()
    return None if row is None else (row.value, row.at)


def put(connection: Connection, name: str, value: Any, now: datetime) -> None:
    """Remember `value`, a small JSON value, under `name`."""
    upsert(connection, marks, {"name": name}, {"value": value, "at": now})


def drop(connection: Connection, name: str) -> None:
    """Forget it."""
    connection.execute(delete(marks).where(marks.c.name == name))
