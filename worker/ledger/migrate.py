"""Making, upgrading and opening the ledger."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text

from worker.ledger import marks
from worker.ledger.database import Ledger, LedgerError, make_engine, sqlite_file
from worker.ledger.seal import Keys, UnusableKey

CANARY = "sealed"
BORN = "born"
"""The mark of when the ledger was made; requests filed before are left to people."""
FOUNDING = (BORN, "caps")
FIRST = "for a first installation run: duo-worker migrate"
MIGRATING = 0xD00
"""The number of the lock that whoever migrates has."""
RESTORE = "restore it from a back-up (docs/failures.md says how)"


def open_ledger(url: str, keys: Keys) -> Ledger:
    """The ledger at `url`, checked: there, whole, of this version, and opened by the keys.

    Raises:
        LedgerError: With what to do about it.
    """
    _refuse_missing(url)
    ledger = Ledger(make_engine(url), keys)
    try:
        with ledger.reading() as connection:
            _refuse_damaged(connection, url)
            _refuse_other_version(connection, url)
            _refuse_other_key(connection, keys)
    except LedgerError:
        ledger.engine.dispose()
        raise
    return ledger


def migrate(url: str, keys: Keys, now: datetime) -> tuple[str, str]:
    """Make the ledger, or bring it to this version; the versions before ("" for none) and after.

    Raises:
        LedgerError: It can't be made or upgraded; nothing was changed.
    """
    path = sqlite_file(url)
    if path is not None and not path.parent.is_dir():
        raise LedgerError(f"the folder {path.parent} of [worker] state doesn't exist; make it and run this again")
    ledger = Ledger(make_engine(url), keys)
    try:
        with ledger.writing() as connection:
            return bring_up(connection, url, keys, now)
    finally:
        ledger.engine.dispose()


def bring_up(connection: Connection, url: str, keys: Keys, now: datetime) -> tuple[str, str]:
    """What `migrate` does, in a writing transaction of the caller's."""
    _one_at_a_time(connection)
    _refuse_damaged(connection, url)
    before = _version(connection)
    _refuse_unknown_version(before, url)
    _refuse_strangers_tables(connection, before, url)
    if before:
        _refuse_other_key(connection, keys)
    _upgrade(connection)
    marks.put(connection, CANARY, keys.seal(CANARY).decode(), now)  # anew, so that an old key can be retired
    if not before:
        _found(connection, now)
    return before, _version(connection)


def _one_at_a_time(connection: Connection) -> None:
    """Wait while another machine does the same; SQLite's lock does so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _found(connection: Connection, now: datetime) -> None:
    """The marks that every ledger has from its beginning."""
    for name in FOUNDING:
        marks.put(connection, name, {}, now)


def head() -> str:
    """The version this program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _refuse_missing(url: str) -> None:
    path = sqlite_file(url)
    if path is None:
        return
    try:
        size = path.stat().st_size
    except FileNotFoundError as missing:
        raise LedgerError(f"there is no ledger at {path}; {FIRST}, else restore it from a back-up") from missing
    except OSError as broken:
        raise LedgerError(f"the ledger {path} can't be opened: {broken.strerror}") from broken
    if size == 0:
        raise LedgerError(f"the ledger {path} is empty; {FIRST}, else restore it from a back-up")


def _refuse_damaged(connection: Connection, url: str) -> None:
    if connection.dialect.name != "sqlite":
        return
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if found != "ok":
        what = " ".join(str(found).split())
        raise LedgerError(f"the ledger {sqlite_file(url)} is damaged ({what}); {RESTORE}")


def _refuse_other_version(connection: Connection, url: str) -> None:
    version = _version(connection)
    _refuse_unknown_version(version, url)
    if not version:
        raise LedgerError(f"the database {_name(url)} holds no ledger; {FIRST}")
    if version != head():
        raise LedgerError(f"the ledger {_name(url)} is of the older version {version}; run, on it: duo-worker migrate")


def _refuse_unknown_version(version: str, url: str) -> None:
    known = {revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions()}
    if version and version not in known:
        raise LedgerError(
            f"the ledger {_name(url)} is of the newer version {version}; install the duo-worker that made it"
        )


def _refuse_strangers_tables(connection: Connection, version: str, url: str) -> None:
    if not version and connection.dialect.get_table_names(connection):
        raise LedgerError(f"the database {_name(url)} holds tables that are no ledger's; give [worker] state its own")


def _refuse_other_key(connection: Connection, keys: Keys) -> None:
    canary = marks.get(connection, CANARY)
    if canary is None:
        raise LedgerError("the ledger has lost the value that proves its key; restore it from a back-up")
    try:
        keys.open(canary[0].encode())
    except UnusableKey as wrong:
        raise LedgerError(f"[worker] key_file doesn't fit this ledger: {wrong}; put the right key back") from wrong


def _version(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _name(url: str) -> str:
    return str(sqlite_file(url) or make_engine(url).url.render_as_string(hide_password=True))
