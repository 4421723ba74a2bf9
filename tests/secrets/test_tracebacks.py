"""A traceback names where it happened and what went wrong; what the variables held there stays out of it."""

import threading
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from rich.console import Console

from connectors.secret import Secret
from worker import logs
from worker.cli.ending import BUG, ending
from worker.cli.main import app

DIGITS = "012345678"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def bug() -> None:
    """A code is in the hand of whoever meets it, in clear and not."""
    digits = str(DIGITS)
    code = Secret(digits)
    raise RuntimeError(f"no way to deliver {code}, {code!r}, {len(digits)}")


@pytest.mark.parametrize("stream", [StringIO, Terminal], ids=["in service", "on a terminal"])
def test_the_log_of_a_bug_shows_the_line_and_no_variable(stream: type[StringIO]) -> None:
    written = stream()
    logs.set_up(written, debug=True)
    assert ending(bug) == BUG
    assert "raise RuntimeError" in written.getvalue()
    assert "no way to deliver <secret>, <secret>, 9" in written.getvalue()
    assert DIGITS not in written.getvalue()


def test_what_would_show_variables_shows_the_secret() -> None:
    """The check of the check: rich's own traceback, which structlog and typer use unless told otherwise."""
    written = StringIO()
    try:
        bug()
    except RuntimeError:
        Console(file=written, width=200).print_exception(show_locals=True)
    assert DIGITS in written.getvalue()


def test_typer_prints_no_traceback_of_its_own() -> None:
    assert not app.pretty_exceptions_enable


def test_a_thread_that_dies_shows_no_variable(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        bug()
    except RuntimeError as error:
        given = threading.ExceptHookArgs((type(error), error, error.__traceback__, None))
        threading.__excepthook__(given)
    said = capsys.readouterr().err
    assert "raise RuntimeError" in said
    assert DIGITS not in said
