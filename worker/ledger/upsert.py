"""Statements that insert a row unless one is there; SQLite and PostgreSQL spell them alike, SQLAlchemy doesn't."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write `values` under the primary key `key`, whether or not a row is there."""
    connection.execute(
        insert_into(connection, table)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that can say what happens where a row is there; both dialects' have the same methods."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
