"""For a test run as a whole: what was tried and found is counted across its processes, and the sums are printed."""

import pytest

from tests import counted


def pytest_configure(config: pytest.Config) -> None:
    if counted.begin():
        config.add_cleanup(counted.end)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if line := counted.line():
        terminalreporter.write_line(line)
