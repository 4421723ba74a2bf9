"""For a test run as a whole: what takes minutes is marked, and what was tried and found is counted and printed."""

from pathlib import Path

import pytest

from tests import counted

TAKES_MINUTES = ("faults", "kill", "simulation")
"""Folders whose tests are for `make test-all`."""


def pytest_configure(config: pytest.Config) -> None:
    if counted.begin():
        config.add_cleanup(counted.end)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in TAKES_MINUTES:
            item.add_marker("long")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if line := counted.line():
        terminalreporter.write_line(line)
