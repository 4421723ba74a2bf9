"""Statements that insert a row unless one is there; SQLite and PostgreSQL spell them alike, SQLAlchemy doesn't."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write `values` under the primary key `key`, whether or not a row is there."""
    connection.execute(_upserting(connection.dialect.name, table, tuple(key), tuple(values)), {**key, **values})


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that can say what happens where a row is there; both dialects' have the same methods."""
    return _insert(connection.dialect.name, table)


def _insert(dialect: str, table: Table) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _upserting(dialect: str, table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Any:
    writing = _insert(dialect, table)
    set_to = {name: writing.excluded[name] for name in names}
    return writing.on_conflict_do_update(index_elements=key, set_=set_to)
