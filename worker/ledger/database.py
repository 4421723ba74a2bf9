"""Opening the ledger: the engine, its two kinds of transaction, and one error for everything that can be wrong with it.

A missing, empty, corrupt, locked, read-only or older or newer ledger is refused with what to do; never is a fresh one
put in its place. Only `migrate` makes one.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from worker.ledger.columns import NOW
from worker.ledger.seal import Keys

SQLITE_BUSY_MS = 10_000
SQLITE_CACHE_KIB = 512
"""Of each connection; there is one for every thread, and the system keeps the file at hand anyway."""
SILENT = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""After so many seconds a side of a connection that hears nothing more of the other gives it up."""
_PROMISES = {
    "synchronous_commit": "on",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    **{f"tcp_{name}": value for name, value in SILENT.items()},
}
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 25_000,
    "application_name": "duo-worker",
    "options": " ".join(f"-c {name}={value}" for name, value in _PROMISES.items()),
    **SILENT,
}
"""What libpq is told: a worker that is cut off notices, and so does the server, which then drops its locks."""

KEPT: dict[str, Any] = {"pool_size": 0, "pool_use_lifo": True}
"""Connections: as many as threads work at a time, and none is closed, as opening one costs more than a transaction."""

USED = "used"
LIVES = 1.0
"""Seconds that a connection which was just used is taken to live: where it doesn't, that transaction fails."""


class LedgerError(Exception):
    """The ledger can't be used; the text says what to do about it."""


Check = Callable[[Connection], None]
"""What else must hold in a transaction: it raises where that doesn't, and then nothing is written."""


Within = Callable[[Connection], None]
"""What else is written in a transaction."""


def nothing(_connection: Connection) -> None:
    """Nothing else."""


@dataclass(frozen=True)
class Ledger:
    """An open ledger. Safe to share between threads."""

    engine: Engine
    keys: Keys

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look."""
        with self._transaction(write=False) as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For one question, which needs no transaction around it to be consistent."""
        with in_words(self.engine), self._for_asking.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is written, or nothing. In SQLite it holds the write lock from its start."""
        with self._transaction(write=True) as connection:
            yield connection

    @property
    def now(self) -> Any:
        """The database's clock as an SQL expression, in microseconds."""
        return NOW

    @cached_property
    def _is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @cached_property
    def _for_reading(self) -> Engine:
        """A look on PostgreSQL is consistent over all its questions; a transaction takes the locks it asks for."""
        if self._is_sqlite:
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @cached_property
    def _for_asking(self) -> Engine:
        """The driver of SQLite begins nothing by itself as it is set up here."""
        return self.engine if self._is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Connection]:
        with in_words(self.engine), (self.engine if write else self._for_reading).begin() as connection:
            if self._is_sqlite:
                _begin_sqlite(connection, write=write)
            yield connection


@contextmanager
def in_words(engine: Engine) -> Iterator[None]:
    """What the database of `engine` refuses, but for its constraints, is a LedgerError that says what to do."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as failed:
        raise LedgerError(_sentence(engine, str(failed.orig))) from failed
    except sqlite3.Error as failed:  # at the beginning of a transaction, which is asked for without SQLAlchemy
        raise LedgerError(_sentence(engine, str(failed))) from failed


def make_engine(url: str) -> Engine:
    """An engine with the settings that the ledger's promises rest on; nothing is connected yet.

    Raises:
        LedgerError: What PostgreSQL needs isn't installed.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, **KEPT)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            connect_args=POSTGRESQL,
            **KEPT,
        )
    except ModuleNotFoundError as missing:
        cure = "install it with: pip install 'duo-worker[postgresql]'"
        raise LedgerError(f"a ledger on PostgreSQL needs the package {missing.name}; {cure}") from missing
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_idle)
    return engine


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL; None for another database."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    settings = (f"busy_timeout = {SQLITE_BUSY_MS}", f"cache_size = -{SQLITE_CACHE_KIB}")
    for pragma in (*settings, "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    if not _is_strangers(connection):
        connection.execute("PRAGMA journal_mode = WAL")


def _is_strangers(connection: sqlite3.Connection) -> bool:
    """Whether the file is another program's database: that one's way of writing isn't ours to change."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return bool(names) and "alembic_version" not in names


def _note_use(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[USED] = time.monotonic()


def _ping_idle(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that was idle is asked whether it lives, and replaced, with all of its age, where it doesn't."""
    if time.monotonic() - record.info.get(USED, time.monotonic()) < LIVES:
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except connection.Error as dead:  # the driver's own, which its connections carry (PEP 249)
        raise InvalidatePoolError from dead


def _begin_sqlite(connection: Connection, *, write: bool) -> None:
    """By the driver: with an event of SQLAlchemy's that does it, every statement would look for its own events."""
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise AssertionError("a transaction begins on an open connection")
    driver.cursor().execute("BEGIN IMMEDIATE" if write else "BEGIN")


def _sentence(engine: Engine, said: str) -> str:
    where = engine.url.render_as_string(hide_password=True)
    reason = said.splitlines()[0]
    for word, cure in _SQLITE_CURES if engine.dialect.name == "sqlite" else _POSTGRESQL_CURES:
        if word in reason:
            return f"the ledger {where} {cure} ({reason})"
    return f"the ledger {where} can't be used: {reason}"


_SQLITE_CURES = (
    ("locked", "is locked by another program; stop that one, or wait for it, and start again"),
    ("readonly", "can't be written; give this account write permission on the file and its folder"),
    ("attempt to write", "can't be written; give this account write permission on the file and its folder"),
    (
        "unable to open",
        "can't be opened; check that file and folder exist and that this account may read and write them",
    ),
    ("malformed", "is damaged; restore it from a back-up (docs/failures.md says how), don't start with an empty one"),
    ("not a database", "is not a ledger; check [worker] state, or restore it from a back-up"),
    ("full", "has no room left; free disk space and start again, nothing is lost"),
)
_POSTGRESQL_CURES = (
    ("does not exist", "isn't there; make the database and the user on the server"),
    ("password", "can't be opened; put the password where libpq looks for it (PGPASSFILE, ~/.pgpass)"),
    ("no pg_hba.conf entry", "can't be opened; let this machine and user in (pg_hba.conf)"),
    ("permission denied", "can't be written; give this user all rights on the database's schema"),
    ("read-only", "can't be written; point [worker] state at the server that takes writes"),
    ("too many", "has no connection left; raise max_connections on the server"),
    ("starting up", "can't be used yet; wait for the server"),
    ("refused", "can't be reached; start the server, or mend host and port in [worker] state"),
    ("deadlock", "let this transaction go for another's; it is tried again"),
    ("lock timeout", "is locked by another program; look for its long transaction"),
)
