"""A ledger of its own for every test."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.postgres import Databases
from worker.ledger import requests
from worker.ledger.database import Ledger
from worker.ledger.migrate import migrate, open_ledger
from worker.ledger.requests import Filed
from worker.ledger.seal import Keys

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys([Fernet.generate_key().decode()])


@pytest.fixture(scope="session")
def made(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh ledger, to be copied: making one takes longer than most tests."""
    path = tmp_path_factory.mktemp("ledger") / "made.db"
    migrate(f"sqlite:///{path}", keys, NOW)
    return path


@pytest.fixture(scope="session")
def made_on_postgresql(keys: Keys, databases: Databases) -> Iterator[str]:
    """The same on PostgreSQL."""
    url = databases.make()
    migrate(url, keys, NOW)
    yield url
    databases.drop(url)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, url: str, keys: Keys, tmp_path: Path) -> Iterator[Ledger]:
    """One on each of the two databases: whatever is true of a ledger is true of both."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("made"), tmp_path / "ledger.db")
        opened = open_ledger(url, keys)
        yield opened
        opened.engine.dispose()
        return
    databases: Databases = request.getfixturevalue("databases")
    copy = databases.make(request.getfixturevalue("made_on_postgresql"))
    opened = open_ledger(copy, keys)
    yield opened
    opened.engine.dispose()
    databases.drop(copy)


@pytest.fixture
def file(ledger: Ledger) -> Callable[..., int]:
    """Adds a request and gives its id."""

    def add(ticket: str = "t1", person: str = "p1", opener: str = "p1") -> int:
        filed = Filed("servicenow", ticket, f"SCTASK{ticket}", (), person, person, opener, NOW, "digest", "")
        with ledger.writing() as connection:
            requests.add(connection, filed, NOW)
            found = requests.by_ticket(connection, "servicenow", ticket)
        assert found is not None
        return found.id

    return add
