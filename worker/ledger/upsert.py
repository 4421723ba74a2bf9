"""One statement that inserts a row or overwrites it; SQLite and PostgreSQL spell it alike, SQLAlchemy doesn't."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write `values` under the primary key `key`, whether or not a row is there."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            postgresql.insert(table)
            .values(**key, **values)
            .on_conflict_do_update(index_elements=list(key), set_=values)
        )
    else:
        connection.execute(
            sqlite.insert(table).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values)
        )
