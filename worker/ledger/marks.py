"""Small named values the worker remembers: the poll's mark, brakes, the directory, the probe of the fingerprint."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from worker.ledger.columns import EPOCH
from worker.ledger.schema import marks
from worker.ledger.upsert import insert_into, upsert


def get(connection: Connection, name: str) -> tuple[Any, datetime] | None:
    """The value and when it was set; None where it never was."""
    row = connection.execute(_ONE, {"one": name}).one_or_none()
    return None if row is None else (row.value, row.at)


def both(connection: Connection, one: str, other: str) -> dict[str, Any]:
    """The values of two by their names, as far as they were ever set."""
    return {row.name: row.value for row in connection.execute(_BOTH, {"one": one, "other": other})}


def starting(connection: Connection, start: str) -> dict[str, Any]:
    """The values of all whose names start so, by their names."""
    return {row.name: row.value for row in connection.execute(_STARTING, {"start": start})}


def put(connection: Connection, name: str, value: Any, now: datetime) -> None:
    """Remember `value`, a small JSON value, under `name`."""
    upsert(connection, marks, {"name": name}, {"value": value, "at": now})


def claim(connection: Connection, name: str, now: datetime, every: timedelta) -> timedelta:
    """Set it to `now`, unless it was set within `every`: then how long that lasts. Of several who ask, one gets it.

    A time to come, as after a clock was set back, is none.
    """
    never = insert_into(connection, marks).values(name=name, value={}, at=EPOCH)
    connection.execute(never.on_conflict_do_nothing())
    asked = select(marks.c.at).where(marks.c.name == name).with_for_update()
    passed: timedelta = now - connection.execute(asked).scalar_one()
    if timedelta() <= passed < every:
        return every - passed
    put(connection, name, {}, now)
    return timedelta()


def drop(connection: Connection, name: str) -> None:
    """Forget it."""
    connection.execute(delete(marks).where(marks.c.name == name))


# Made once, as they are asked all the time.
_ONE = select(marks.c.value, marks.c.at).where(marks.c.name == bindparam("one"))
_BOTH = select(marks.c.name, marks.c.value).where(
    or_(marks.c.name == bindparam("one"), marks.c.name == bindparam("other"))
)
_STARTING = select(marks.c.name, marks.c.value).where(
    func.substr(marks.c.name, 1, func.length(bindparam("start"))) == bindparam("start")
)
