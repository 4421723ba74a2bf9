"""What commands and the log say: text from outside gives a terminal no orders, and is no markup."""

import json
from io import StringIO
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from sqlalchemy import update

from tests.injection.hostile import ESCAPES, HOSTILE, hostile
from tests.worker.cli.installed import installed
from worker import logs
from worker.cli import shown
from worker.cli.ending import BadUse, ending
from worker.ledger.schema import requests
from worker.printable import printable

SEEDED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def gives_no_orders(said: str) -> bool:
    return all(each == "\n" or each.isprintable() for each in said)


@SEEDED
@given(hostile())
def test_what_is_shown_is_printable_and_what_was_stays_as_it_is(text: str) -> None:
    said = printable(text)
    assert gives_no_orders(said)
    assert said == text or not gives_no_orders(text)


@SEEDED
@given(hostile(), hostile())
def test_a_table_shows_markup_as_it_was_typed(capsys: pytest.CaptureFixture[str], first: str, second: str) -> None:
    capsys.readouterr()
    shown.print_table(("one", "two"), [(first, second), ("[red]x[/red]", ":skull: [/]")])
    said = capsys.readouterr().out
    assert gives_no_orders(said)
    assert "[red]x[/red]" in said
    assert ":skull: [/]" in said


@SEEDED
@given(hostile())
def test_json_is_printable_and_reads_back_as_it_was(capsys: pytest.CaptureFixture[str], text: str) -> None:
    capsys.readouterr()
    shown.print_json({"name": text})
    said = capsys.readouterr().out
    assert gives_no_orders(said)
    assert json.loads(said) == {"name": text}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_sentence_on_standard_error_gives_no_orders(capsys: pytest.CaptureFixture[str], text: str) -> None:
    def refuse() -> None:
        raise BadUse(f"there is no {text}")

    assert ending(refuse) == 2
    assert gives_no_orders(capsys.readouterr().err)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [StringIO, Terminal], ids=["in service", "on a terminal"])
def test_the_log_gives_no_orders(stream: type[StringIO]) -> None:
    written = stream()
    before = structlog.get_config()
    logs.set_up(written, debug=True)
    try:
        for text in ESCAPES.values():
            structlog.get_logger().info("polled", ticket=text, why=[text])
    finally:
        structlog.configure(**before)
    colours = [line for line in written.getvalue().splitlines() if "polled" in line]
    assert len(colours) == len(ESCAPES)
    for order in ("\x1b[2J", "\x1b]0;", "\x9b", "\r", "\x07", "\u202e", "\x00"):
        assert order not in written.getvalue()


def test_no_command_about_a_person_with_such_a_name_gives_orders(tmp_path: Path) -> None:
    text = "".join(ESCAPES.values())
    with installed(tmp_path) as installation:
        filed = installation.file("never_activated")
        assert installation.run("once").code == 0
        with installation.ledger() as ledger, ledger.writing() as connection:
            values = {"user_name": text, "because": text, "trouble": text, "waits_for": text}
            connection.execute(update(requests).values(**values))
        for words in (("list",), ("show", filed.task.number), ("explain", filed.task.number), ("status",)):
            for more in ((), ("--json",)):
                ended = installation.run(*words, *more)
                assert ended.code == 0
                assert gives_no_orders(ended.out)
