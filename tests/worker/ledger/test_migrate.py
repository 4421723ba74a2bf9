"""Making and opening a ledger; whatever is wrong with it is one sentence, and the file stays as it was."""

import sqlite3
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from procrastinate.schema import SchemaManager

from tests.worker.ledger.conftest import NOW
from worker.ledger import marks
from worker.ledger.database import Ledger, LedgerError
from worker.ledger.migrate import BORN, head, migrate, open_ledger
from worker.ledger.schema import metadata
from worker.ledger.seal import Keys


def test_the_migrations_make_the_tables_that_the_program_expects(ledger: Ledger) -> None:
    def ours(_item: object, name: str | None, *_: object) -> bool:
        return not str(name).startswith("procrastinate")

    with ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_the_frozen_tables_of_procrastinate_are_those_of_the_version_in_use() -> None:
    frozen = files("worker.ledger.migrations.versions").joinpath("0003_procrastinate.sql")
    assert frozen.read_text(encoding="utf-8") == SchemaManager.get_schema()


def test_migrating_again_changes_nothing(url: str, keys: Keys) -> None:
    assert migrate(url, keys, NOW) == ("", head())
    assert migrate(url, keys, NOW) == (head(), head())


def mark(url: str, keys: Keys, name: str) -> tuple[Any, datetime] | None:
    ledger = open_ledger(url, keys)
    with ledger.reading() as connection:
        found = marks.get(connection, name)
    ledger.engine.dispose()
    return found


def test_when_a_ledger_was_made_is_kept_for_good(url: str, keys: Keys) -> None:
    for at in (NOW, NOW + timedelta(days=1)):
        migrate(url, keys, at)
        assert mark(url, keys, BORN) == ({}, NOW)
    assert mark(url, keys, "caps") == ({}, NOW)


def test_a_new_key_on_top_opens_alone_once_the_ledger_was_migrated(url: str) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    migrate(url, Keys([old]), NOW)
    migrate(url, Keys([new, old]), NOW)
    open_ledger(url, Keys([new])).engine.dispose()
    with pytest.raises(LedgerError, match="key_file"):
        open_ledger(url, Keys([old]))


CHANGES = {
    "newer": "UPDATE alembic_version SET version_num = '9999'",
    "older": "UPDATE alembic_version SET version_num = '0001'",
    "without its proof": "DELETE FROM marks WHERE name = 'sealed'",
    "inconsistent": "PRAGMA ignore_check_constraints = ON; INSERT INTO steps (request_id, seq, round, name, target,"
    " state, attempts, intents, result, seal) VALUES (1, 1, 1, 'a', 0, 'odd', 0, '[]', '{}', '')",
}


def spoiled(kind: str, path: Path, keys: Keys) -> None:
    match kind:
        case "missing":
            return
        case "empty":
            path.touch()
        case "no database":
            path.write_bytes(b"not a database at all" * 100)
        case "somebody else's":
            with sqlite3.connect(path) as connection:
                connection.execute("CREATE TABLE addresses (name TEXT)")
            connection.close()
        case "newer" | "older" | "without its proof" | "inconsistent":
            migrate(f"sqlite:///{path}", keys, NOW)
            with sqlite3.connect(path) as connection:
                connection.executescript(CHANGES[kind])
            connection.close()
        case _:
            migrate(f"sqlite:///{path}", keys, NOW)
            path.write_bytes(path.read_bytes()[:20_000])


FIRST = "for a first installation run: duo-worker migrate"
BACK_UP = "restore it from a back-up"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", f"there is no ledger at PATH; {FIRST}, else {BACK_UP}$"),
        ("empty", f"the ledger PATH is empty; {FIRST}, else {BACK_UP}$"),
        ("no database", "the ledger sqlite:///PATH is not a ledger; check "),
        ("somebody else's", f"the database PATH holds no ledger; {FIRST}$"),
        ("newer", "the ledger PATH is of the newer version 9999; install the duo-worker that made it$"),
        ("older", "the ledger PATH is of the older version 0001; run, on it: duo-worker migrate$"),
        ("without its proof", f"the ledger has lost the value that proves its key; {BACK_UP}$"),
        ("cut", "the ledger sqlite:///PATH is damaged; restore it from a back-up"),
        (
            "inconsistent",
            rf"the ledger PATH is damaged \(CHECK .* in steps\); {BACK_UP} \(docs/failures.md says how\)$",
        ),
    ],
)
def test_a_ledger_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path, keys: Keys, kind: str, says: str) -> None:
    path = tmp_path / "ledger.db"
    spoiled(kind, path, keys)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LedgerError, match=f"^{says.replace('PATH', str(path))}"):
        open_ledger(f"sqlite:///{path}", keys)
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_wrong_key_opens_nothing(url: str, keys: Keys) -> None:
    migrate(url, keys, NOW)
    with pytest.raises(LedgerError) as refused:
        open_ledger(url, Keys([Fernet.generate_key().decode()]))
    why = "none of its keys opens what the ledger has sealed"
    assert str(refused.value) == f"[worker] key_file doesn't fit this ledger: {why}; put the right key back"


@pytest.mark.parametrize("kind", ["newer", "without its proof", "cut", "inconsistent"])
def test_a_ledger_that_is_none_is_not_migrated_either(tmp_path: Path, keys: Keys, kind: str) -> None:
    path = tmp_path / "ledger.db"
    spoiled(kind, path, keys)
    before = path.read_bytes()
    with pytest.raises(LedgerError):
        migrate(f"sqlite:///{path}", keys, NOW)
    assert path.read_bytes() == before


def test_the_wrong_key_migrates_nothing(url: str, keys: Keys) -> None:
    migrate(url, keys, NOW)
    with pytest.raises(LedgerError, match="key_file"):
        migrate(url, Keys([Fernet.generate_key().decode()]), NOW)
    open_ledger(url, keys).engine.dispose()


def test_a_ledger_that_cant_be_looked_at_says_why(tmp_path: Path, keys: Keys) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "ledger.db"
    with pytest.raises(LedgerError) as refused:
        open_ledger(f"sqlite:///{path}", keys)
    assert str(refused.value) == f"the ledger {path} can't be opened: Not a directory"


def test_a_ledger_without_its_folder_is_not_made(tmp_path: Path, keys: Keys) -> None:
    folder = tmp_path / "none"
    with pytest.raises(LedgerError) as refused:
        migrate(f"sqlite:///{folder / 'ledger.db'}", keys, NOW)
    assert str(refused.value) == f"the folder {folder} of [worker] state doesn't exist; make it and run this again"


def test_a_database_of_somebody_elses_tables_is_not_made_a_ledger(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "ledger.db"
    spoiled("somebody else's", path, keys)
    with pytest.raises(LedgerError) as refused:
        migrate(f"sqlite:///{path}", keys, NOW)
    theirs = "holds tables that are no ledger's; give [worker] state its own"
    assert str(refused.value) == f"the database {path} {theirs}"
