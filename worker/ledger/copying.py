"""Copying a ledger from SQLite into an empty one on PostgreSQL: all of it, compared row by row, or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, RowMapping, Table, delete, func, insert, select, text, tuple_
from sqlalchemy.exc import IntegrityError

from worker.ledger import schema
from worker.ledger.database import Ledger, LedgerError, in_words, make_engine, sqlite_file
from worker.ledger.leases import held_now
from worker.ledger.migrate import CANARY, FOUNDING, bring_up, open_ledger
from worker.ledger.seal import Keys, UnusableKey

COPIED: Final = (
    schema.requests,
    schema.steps,
    schema.events,
    schema.seen,
    schema.sightings,
    schema.resets,
    schema.made_phones,
    schema.marks,
)
"""In an order in which no row comes before one that it refers to."""
LEFT: Final[Mapping[Table, str]] = {
    schema.leases: "of nobody at work, and told by the old database's clock",
    schema.budgets: "of one minute, and told by the old database's clock",
    schema.moves: "made with the tables",
}
"""Why a table isn't copied. What isn't among the ledger's tables (Alembic's and procrastinate's own) never is."""
AT_A_TIME: Final = 500


def copy(source: str, target: str, keys: Keys, now: datetime) -> dict[str, int]:
    """Make the ledger at `target`, on PostgreSQL, the one at `source`, on SQLite; how many rows of each table.

    The caller keeps others from acting on `source`, which stays as it is.

    Raises:
        LedgerError: With what to do about it; the target is as it was.
    """
    with (
        _closing(open_ledger(source, keys)) as old,
        _closing(Ledger(make_engine(target), keys)) as new,
        old.writing() as there,
        new.writing() as here,
    ):
        _refuse_busy(there, source)
        bring_up(here, target, keys, now)
        _refuse_used(here, new)
        here.execute(delete(schema.marks))
        try:
            return {table.name: _copy(old, there, here, table) for table in COPIED}
        except IntegrityError as broken:
            said = str(broken.orig).splitlines()[0]
            raise LedgerError(
                f"the ledger {sqlite_file(source)} holds what the worker never writes ({said}), so nothing was copied; "
                "restore a back-up of it from before another program changed it"
            ) from broken


def _copy(old: Ledger, there: Connection, here: Connection, table: Table) -> int:
    count = 0
    for rows in _parts(old, there, table):
        _refuse_what_the_key_opens_not(old.keys, table, rows)
        here.execute(insert(table), [dict(row) for row in rows])
        count += len(rows)
    _compare(old, there, here, table, count)
    _go_on_counting(here, table)
    return count


def _compare(old: Ledger, there: Connection, here: Connection, table: Table, count: int) -> None:
    """Every row of the source against the one of the same key in the target, and that there are no others."""
    key = tuple_(*table.primary_key)
    for rows in _parts(old, there, table):
        keys = [_key(table, row) for row in rows]
        asked = here.execute(select(table).where(key.in_(keys))).mappings()
        found = {_key(table, row): dict(row) for row in asked}
        for each, row in zip(keys, rows, strict=True):
            if found.get(each) != dict(row):
                raise LedgerError(f"{table.name} {each} came out different, so nothing was copied; {_REPORT}")
    if here.execute(select(func.count()).select_from(table)).scalar_one() != count:
        raise LedgerError(f"{table.name} has more rows than were copied, so nothing was; {_REPORT}")


def _parts(old: Ledger, there: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """All rows in the order of their key, some at a time."""
    asked = select(table).order_by(*table.primary_key)
    with in_words(old.engine):
        yield from there.execution_options(yield_per=AT_A_TIME).execute(asked).mappings().partitions()


def _key(table: Table, row: RowMapping) -> tuple[Any, ...]:
    return tuple(row[column] for column in table.primary_key)


def _go_on_counting(here: Connection, table: Table) -> None:
    """The next row gets the next number. Unlike `setval` this is undone with the transaction."""
    numbered = table.autoincrement_column
    if numbered is None:
        return
    last = here.execute(select(func.max(numbered))).scalar_one()
    counter = here.execute(select(func.pg_get_serial_sequence(table.name, numbered.name))).scalar_one()
    here.execute(text(f"ALTER SEQUENCE {counter} RESTART WITH {(last or 0) + 1}"))


@contextmanager
def _closing(ledger: Ledger) -> Iterator[Ledger]:
    try:
        yield ledger
    finally:
        ledger.engine.dispose()


def _refuse_busy(there: Connection, url: str) -> None:
    if count := held_now(there):
        raise LedgerError(
            f"somebody is at work on {count} requests of {sqlite_file(url)}; wait for the command that is, "
            "or for as long as [worker] lease says if a worker was killed, and run this again"
        )


def _refuse_used(here: Connection, new: Ledger) -> None:
    """Others wait from now on, so that it stays unused."""
    names = ", ".join(table.name for table in schema.metadata.sorted_tables)
    here.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    made = schema.marks.c.name.in_((CANARY, *FOUNDING))
    for table in schema.metadata.sorted_tables:
        if table is schema.moves:
            continue
        used = select(func.count()).select_from(table)
        if here.execute(used.where(~made) if table is schema.marks else used).scalar_one():
            where = new.engine.url.render_as_string(hide_password=True)
            raise LedgerError(
                f"the ledger {where} is in use already ({table.name} isn't empty); "
                "make an empty database and name that in [worker] state"
            )


def _refuse_what_the_key_opens_not(keys: Keys, table: Table, rows: Sequence[RowMapping]) -> None:
    sealed = [column for column in table.columns if isinstance(column.type, LargeBinary)]
    for row in rows:
        for column in sealed:
            value = row[column]
            try:
                if value is not None:
                    keys.open(value)
            except UnusableKey as wrong:
                raise LedgerError(
                    f"{table.name} {_key(table, row)} can't be opened with [worker] key_file: {wrong}; "
                    "put back the line that was taken out of it"
                ) from wrong


_REPORT: Final = "look what changes rows in that database, and make a new one"
