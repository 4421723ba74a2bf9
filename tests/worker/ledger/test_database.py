"""Two kinds of transaction, the settings that the ledger's promises rest on, and one sentence for whatever is wrong."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from tests.worker.ledger.conftest import NOW
from worker.ledger import database
from worker.ledger.columns import EPOCH, MICROSECOND, microseconds
from worker.ledger.database import Ledger, LedgerError, make_engine, sqlite_file
from worker.ledger.migrate import migrate, open_ledger
from worker.ledger.schema import events, marks
from worker.ledger.seal import Keys

sqlite_only = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)


def other(ledger: Ledger) -> closing[sqlite3.Connection]:
    """Another program's connection to the same file, which waits for nobody."""
    path = sqlite_file(str(ledger.engine.url))
    assert path is not None
    return closing(sqlite3.connect(path, isolation_level=None, timeout=0))


@sqlite_only
def test_a_ledger_in_sqlite_is_safe_from_losing_power_and_waits_ten_seconds(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "cache_size")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "cache_size": -512,
    }  # fmt: skip


@sqlite_only
def test_who_writes_has_the_lock_from_the_start_and_who_reads_has_none(ledger: Ledger) -> None:
    with other(ledger) as connection:
        with ledger.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
            connection.execute("BEGIN IMMEDIATE")
        with ledger.reading():
            connection.execute("BEGIN IMMEDIATE")


def test_one_question_is_asked_without_a_transaction(ledger: Ledger) -> None:
    with ledger.asking() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
        driver = connection.connection.dbapi_connection
        assert driver is not None
        is_sqlite = isinstance(driver, sqlite3.Connection)
        assert not (driver.in_transaction if is_sqlite else driver.info.transaction_status)


@postgresql_only
def test_a_look_writes_nothing(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="read-only"), ledger.reading() as connection:
        connection.execute(marks.delete())


def ended_by_the_server(ledger: Ledger) -> None:
    """The connections that lie idle, as when the server was started again."""
    with ledger.reading() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    engine = make_engine(ledger.engine.url.render_as_string(hide_password=False))
    with Ledger(engine, ledger.keys).writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})
    engine.dispose()


@postgresql_only
def test_a_connection_that_the_server_ended_while_it_was_idle_is_not_noticed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended_by_the_server(ledger)
    monkeypatch.setattr(database, "LIVES", 0.0)
    with ledger.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


@postgresql_only
def test_one_that_was_just_used_is_not_asked_and_costs_one_failure_when_it_is_dead(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LIVES", 3600.0)
    ended_by_the_server(ledger)
    with pytest.raises(LedgerError, match="can't be used"), ledger.writing() as connection:
        connection.execute(text("SELECT 1"))
    with ledger.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_all_of_a_transaction_is_written_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError), ledger.writing() as connection:
        connection.execute(insert(marks), [{"name": name, "value": 1, "at": NOW} for name in ("a", "b", "b")])
    with ledger.reading() as connection:
        assert connection.execute(select(marks).where(marks.c.name == "a")).all() == []


def test_a_contradiction_stays_what_it_is(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        connection.execute(insert(marks).values(name="a", value=1, at=NOW))
    with pytest.raises(IntegrityError), ledger.writing() as connection:
        connection.execute(insert(marks).values(name="a", value=2, at=NOW))


def test_the_databases_clock_is_the_time_in_microseconds(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        now = connection.execute(select(ledger.now)).scalar_one()
    assert abs(EPOCH + now * MICROSECOND - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 - another clock
    assert microseconds(timedelta(milliseconds=3)) == 3000


def test_values_come_back_as_they_were_kept(ledger: Ledger) -> None:
    at = NOW + timedelta(microseconds=7)
    detail = {"b": ["é", None, 1.5], "a": {"x": True}}
    with ledger.writing() as connection:
        connection.execute(insert(events).values(request_id=None, at=at, name="a\0b", detail=detail))
    with ledger.reading() as connection:
        row = connection.execute(select(events)).one()
        kept = connection.execute(text("SELECT at, detail FROM events")).one()
    assert (row.request_id, row.at, row.name, row.detail) == (None, at, "a\ufffdb", detail)
    assert kept.at == (at - EPOCH) // MICROSECOND
    assert kept.detail == '{"a":{"x":true},"b":["\\u00e9",null,1.5]}'


@sqlite_only
def test_a_locked_ledger_says_who_is_to_be_stopped(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SQLITE_BUSY_MS", 1)
    url = str(ledger.engine.url)
    opened = Ledger(make_engine(url), ledger.keys)
    with other(ledger) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError) as refused, opened.writing():
            pass
    opened.engine.dispose()
    cure = "is locked by another program; stop that one, or wait for it, and start again"
    assert str(refused.value) == f"the ledger {url} {cure} (database is locked)"


@sqlite_only
def test_what_has_no_cure_says_what_the_database_said(ledger: Ledger) -> None:
    with pytest.raises(LedgerError) as refused, ledger.reading() as connection:
        connection.execute(text("SELECT * FROM strangers"))
    assert str(refused.value) == f"the ledger {ledger.engine.url} can't be used: no such table: strangers"


def test_another_programs_file_is_not_changed_by_a_look(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE addresses (name TEXT)")
    before = path.read_bytes()
    engine = make_engine(f"sqlite:///{path}")
    with Ledger(engine, keys).reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
    engine.dispose()
    assert path.read_bytes() == before


def test_a_ledger_of_ours_that_was_put_into_another_mode_is_brought_back(
    made: Path, keys: Keys, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(made.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    engine = make_engine(f"sqlite:///{path}")
    with Ledger(engine, keys).reading() as reading:
        assert reading.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()


def test_the_file_of_a_ledger_is_that_of_its_url() -> None:
    assert sqlite_file("sqlite:////var/lib/duo/ledger.db") == Path("/var/lib/duo/ledger.db")
    assert sqlite_file("sqlite://") is None
    assert sqlite_file("postgresql+psycopg://duo@db/ledger") is None


def test_a_ledger_on_postgresql_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError) as refused:
        make_engine("postgresql+psycopg://duo@db/ledger")
    assert str(refused.value) == (
        "a ledger on PostgreSQL needs the package psycopg; install it with: pip install 'duo-worker[postgresql]'"
    )


@sqlite_only
def test_parameters_are_in_no_error(ledger: Ledger, file: Callable[..., int]) -> None:
    file()
    with pytest.raises(IntegrityError) as failed, ledger.writing() as connection:
        connection.execute(insert(marks).values(name="a", value="nobody-may-read-this", at=None))
    assert "nobody-may-read-this" not in str(failed.value)


def test_opening_and_migrating_close_what_they_open(url: str, keys: Keys) -> None:
    migrate(url, keys, NOW)
    opened = open_ledger(url, keys)
    opened.engine.dispose()
    path = sqlite_file(url)
    assert path is not None
    assert not path.with_name(f"{path.name}-wal").exists()
