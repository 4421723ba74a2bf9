"""Making and opening a ledger; whatever is wrong with it is one sentence, and the file stays as it was."""

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from procrastinate.schema import SchemaManager

from tests.worker.ledger.conftest import NOW
from worker.ledger.database import Ledger, LedgerError
from worker.ledger.migrate import migrate, open_ledger
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
    assert migrate(url, keys, NOW)[0] == ""
    before, after = migrate(url, keys, NOW)
    assert before == after != ""


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
        case "newer":
            migrate(f"sqlite:///{path}", keys, NOW)
            with sqlite3.connect(path) as connection:
                connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.close()
        case _:
            migrate(f"sqlite:///{path}", keys, NOW)
            path.write_bytes(path.read_bytes()[:20_000])


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "duo-worker migrate"),
        ("empty", "duo-worker migrate"),
        ("no database", "not a ledger"),
        ("somebody else's", "holds no ledger"),
        ("newer", "newer version 9999"),
        ("cut", "damaged"),
    ],
)
def test_a_ledger_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path, keys: Keys, kind: str, says: str) -> None:
    path = tmp_path / "ledger.db"
    spoiled(kind, path, keys)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LedgerError, match=says):
        open_ledger(f"sqlite:///{path}", keys)
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_wrong_key_opens_nothing(url: str, keys: Keys) -> None:
    migrate(url, keys, NOW)
    with pytest.raises(LedgerError, match="key_file"):
        open_ledger(url, Keys([Fernet.generate_key().decode()]))


def test_a_database_of_somebody_elses_tables_is_not_made_a_ledger(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "ledger.db"
    spoiled("somebody else's", path, keys)
    with pytest.raises(LedgerError, match="its own"):
        migrate(f"sqlite:///{path}", keys, NOW)
