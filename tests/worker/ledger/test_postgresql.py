"""What can be wrong with a ledger on PostgreSQL is one sentence with what to do about it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import make_url, text

from tests.postgres import Databases, free_port
from tests.worker.ledger.conftest import NOW
from worker.ledger.database import LedgerError
from worker.ledger.migrate import migrate, open_ledger
from worker.ledger.seal import Keys


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"database": "nowhere"}, "isn't there; make the database"),
        ({"username": "stranger"}, "PGPASSFILE"),
        ({"port": -1}, "can't be reached; start the server"),
        ({"database": "postgres"}, "holds no ledger; .*duo-worker migrate"),
    ],
)
def test_a_ledger_that_cant_be_opened_says_why_and_what_to_do(
    databases: Databases, keys: Keys, changes: dict[str, str | int], says: str
) -> None:
    parts: dict[str, object] = {**changes, **({"port": free_port()} if "port" in changes else {})}
    url = make_url(databases.url).set(**parts)  # type: ignore[arg-type]  # a union of its keywords' types
    with pytest.raises(LedgerError, match=says) as refused:
        open_ledger(url.render_as_string(hide_password=False), keys)
    assert "\n" not in str(refused.value)


def test_two_machines_that_migrate_at_once_make_one_ledger(database: str, keys: Keys) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: migrate(database, keys, NOW), range(2)))
    (nothing, made_already), versions = sorted(before for before, _ in made), {after for _, after in made}
    assert (nothing, {made_already}) == ("", versions)


def test_a_migration_that_fails_leaves_nothing_behind(
    database: str, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise LedgerError("no")

    monkeypatch.setattr("worker.ledger.migrate._found", failing)
    with pytest.raises(LedgerError, match="no"):
        migrate(database, keys, NOW)
    with pytest.raises(LedgerError, match="holds no ledger"):
        open_ledger(database, keys)


def test_a_password_never_stands_in_a_sentence(databases: Databases, keys: Keys) -> None:
    url = make_url(databases.url).set(password="hunter2", database="nowhere")
    with pytest.raises(LedgerError) as refused:
        open_ledger(url.render_as_string(hide_password=False), keys)
    assert "hunter2" not in str(refused.value)


def test_sessions_have_the_settings_that_the_ledgers_promises_rest_on(database: str, keys: Keys) -> None:
    migrate(database, keys, NOW)
    ledger = open_ledger(database, keys)
    with ledger.reading() as connection:
        shown = {
            name: connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("synchronous_commit", "lock_timeout", "idle_in_transaction_session_timeout")
        }
    ledger.engine.dispose()
    assert shown == {
        "synchronous_commit": "on", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min",
    }  # fmt: skip
