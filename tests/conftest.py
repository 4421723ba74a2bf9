"""For a test run as a whole: what takes minutes is marked, and what was tried and found is counted and printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import counted, postgres
from tests.postgres import Databases
from tests.rig import SYSTEMS

TAKES_MINUTES = ("kill_many", "simulation")
"""Folders whose tests are for `make test-all`."""
PLAYED_BY = ("system", "stage", "place", "after")
"""Parameters, mostly fixtures with more than one value, that name the ticket system."""
BOTH_ALWAYS = ("test_options.py",)
"""Files that are played on every ticket system and ledger in each run; the others only in `make test-all`."""
LEDGERS = ("sqlite", "postgresql")


PRINTS = pytest.StashKey[bool]()
"""Whether this process tells the sums: it is the first, and nobody has made a place to tell them from."""


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PRINTS] = counted.begin()
    if config.stash[PRINTS]:
        config.add_cleanup(counted.end)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What asks for `system`, as `rig` does, is played on every ticket system, or on the one that `only` names.

    What asks for `database_kind` is played with its ledger in either database, the second with the first system alone.
    """
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    asked = {"system", "database_kind"} & {*metafunc.fixturenames}
    asked -= {name for name in asked if any(name in names for names in named)}
    only = metafunc.definition.get_closest_marker("only")
    systems = only.args if only else SYSTEMS
    if asked == {"system"}:
        metafunc.parametrize("system", systems)
    elif asked == {"database_kind"}:
        metafunc.parametrize("database_kind", LEDGERS)
    elif asked:
        both = [(system, LEDGERS[0]) for system in systems] + [(systems[0], LEDGERS[1])]
        metafunc.parametrize(("system", "database_kind"), both)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in TAKES_MINUTES or (_is_second_playing(item) and item.path.name not in BOTH_ALWAYS):
            item.add_marker("long")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was found fails the run, also where no test did."""
    if session.config.stash[PRINTS] and not counted.is_clean():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _is_second_playing(item: pytest.Item) -> bool:
    """Whether the same is played on another ticket system, or with another database, as well."""
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    second = any(params.get(name) == SYSTEMS[1] for name in PLAYED_BY)
    return second or params.get("database_kind") == LEDGERS[1]


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
