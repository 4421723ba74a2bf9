"""For a test run as a whole: what takes minutes is marked, and what was tried and found is counted and printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import counted, postgres
from tests.postgres import Databases

TAKES_MINUTES = ("kill_many", "simulation")
"""Folders whose tests are for `make test-all`."""


PRINTS = pytest.StashKey[bool]()
"""Whether this process tells the sums: it is the first, and nobody has made a place to tell them from."""


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PRINTS] = counted.begin()
    if config.stash[PRINTS]:
        config.add_cleanup(counted.end)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in TAKES_MINUTES:
            item.add_marker("long")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was found fails the run, also where no test did."""
    if session.config.stash[PRINTS] and not counted.is_clean():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[PRINTS] and (line := counted.line()):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The tests' PostgreSQL, one for each process of the run, started when the first test asks for it."""
    with postgres.databases() as found:
        yield found


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    url = databases.make()
    yield url
    databases.drop(url)
