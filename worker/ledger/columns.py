"""How values are kept: the same in SQLite and PostgreSQL, compared by the database without a time zone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect
from sqlalchemy import Text as AnyText
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC time as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy asks so
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + value * MICROSECOND


class Text(TypeDecorator[str]):
    """Text from anywhere: PostgreSQL has no place for the character NUL, so it is replaced, in SQLite too."""

    impl = AnyText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.replace("\0", "\ufffd")


class Json(TypeDecorator[Any]):
    """A small JSON value as text; what the worker writes about a step and reads back itself."""

    impl = AnyText
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


class _Now(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True


@compiles(_Now, "sqlite")
def _on_sqlite(*_: object, **__: object) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"


@compiles(_Now, "postgresql")
def _on_postgresql(*_: object, **__: object) -> str:
    return "CAST(EXTRACT(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


NOW: ColumnElement[int] = _Now()
"""The database's own clock in microseconds: leases and budgets are told by it, whatever a worker's clock says."""


def microseconds(span: timedelta) -> int:
    """`span` in the unit of `Instant`."""
    return span // MICROSECOND
