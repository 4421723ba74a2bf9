"""README is run and compared: its shell blocks, its commands, and its tables of what isn't done by itself."""

import ast
import json
import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from connectors.sandbox.people import DuoProfile, Person
from connectors.sandbox.world import Sandbox
from rules.rows import HOLD, LOOK, RESERVED, Row
from rules.table import load_follow_up, load_guards
from tests.project.readme import README, TOP, code, sections
from tests.project.shell import Shell, shell
from tests.worker.cli.installed import run
from worker import brakes, wiring
from worker.cli.main import app
from worker.settings import load

TRIED, INSTALLED, RULES = "Try it", "Install it", "Change the rules"
WORDS = {"hold": "held", "refuse": "refused", "wait": "waits, then held"}


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    with shell(tmp_path, monkeypatch) as opened:
        yield opened


def test_shell_blocks_stand_where_a_test_runs_them() -> None:
    assert {title for title, section in sections().items() if section.blocks("sh")} == {TRIED, INSTALLED, RULES}


def test_trying_it_by_hand_leads_where_readme_says(opened: Shell) -> None:
    made, by_hand = sections()[TRIED].blocks("sh")
    opened.run(made)
    opened.run(by_hand.replace("8400", str(free_port())))
    assert "SCTASK0010001: mobile.activation_link" in opened.said
    assert "awaiting" in opened.said
    texts = json.loads(opened.said[opened.said.rindex("\n[") :])
    assert "activation" in {text["kind"] for text in texts}


def test_installing_it_ends_live(opened: Shell) -> None:
    copied, made, checked, shadow, live = sections()[INSTALLED].blocks("sh")
    opened.run(copied)
    key = (opened.folder / "secrets" / "ledger.key").read_text()
    with Sandbox.start(clock=wiring.now, folder=opened.folder) as sandbox:
        tester = Person("duo.test", "Duo", "Test", "duo.test@example.edu", duo=DuoProfile(email="duo.test@example.edu"))
        sandbox.duo.add_person(tester)
        config = fill_in(opened, sandbox, key, "shadow")
        opened.run(made)
        filed = sandbox.servicenow.file_request(sandbox.person("never_activated"), {"device_type": "Duo Mobile"})
        opened.run(checked)
        opened.run(shadow)
        assert filed.item.number == "RITM0010001"
        assert "mobile.activation_link" in opened.said
        assert sandbox.duo.texts == ()
        config.write_text(config.read_text().replace('mode = "shadow"', 'mode = "live"'))
        opened.run(live)
        assert "healthy · mode live" in opened.said


def test_the_example_row_can_be_put_before_a_copied_table(opened: Shell) -> None:
    copied, checked = sections()[RULES].blocks("sh")
    keys, row = sections()[RULES].blocks("toml")
    opened.run(copied)
    table = opened.folder / "my-rules.toml"
    table.write_text(row + table.read_text())
    with Sandbox.start(clock=wiring.now, folder=opened.folder) as sandbox:
        sandbox.config(opened.folder, tomllib.loads(keys))
        opened.run("duo-worker migrate")
        sandbox.servicenow.file_request(sandbox.person("never_activated"), {"device_type": "Duo Mobile"})
        opened.run(checked)
    assert "my-rules.toml: " in opened.said
    assert "my-rules.toml iphone-by-code" in opened.said


def test_the_example_configuration_is_what_shadow_mode_begins_with() -> None:
    assert tomllib.loads((TOP / "config.example.toml").read_text())["worker"]["mode"] == "shadow"


def test_every_command_has_its_line_and_says_what_its_help_says() -> None:
    (table,) = sections()["Commands"].tables()
    told = {usage.strip("`"): does for usage, does in table}
    assert told == {usage_of(name, command): first_line(command) for name, command in commands()}


def test_help_shows_every_command_and_option_of_the_table() -> None:
    (table,) = sections()["Commands"].tables()
    for usage, does in table:
        words = usage.strip("`").split()
        name = [word for word in words if word.isalpha() and word.islower()]
        ended = run(None, *name, "--help", environ={"COLUMNS": "200", "NO_COLOR": "1"})
        assert ended.code == 0
        shown = " ".join(ended.out.split())
        assert does in shown
        assert all(option in shown for option in re.findall(r"--[a-z-]+", usage))


def test_the_guards_stand_in_the_order_in_which_they_are_asked() -> None:
    guards, *_ = sections()["What it will not do by itself"].tables()
    assert [(code(cells[0]), cells[0].endswith("*"), cells[2]) for cells in guards] == [
        (row.id, row.optional, WORDS[row.outcome]) for row in load_guards().rows
    ]


def test_every_hold_of_the_worker_s_own_has_its_line() -> None:
    _, holds, *_ = sections()["What it will not do by itself"].tables()
    given = {*reasons(), *RESERVED} - {"pass"}
    assert {code(cells[0]) for cells in holds} == given


def test_the_brakes_are_as_strong_as_readme_says() -> None:
    _, _, table, _ = sections()["What it will not do by itself"].tables()
    text = str(table)
    assert f"{brakes.TOO_MANY} of the last {brakes.LOOKED_AT} requests" in text
    assert brakes.LONGEST_SURGE.days == 1


def test_the_ladder_s_rows_that_end_with_a_person_have_their_line() -> None:
    *_, ladder = sections()["What it will not do by itself"].tables()
    ending = [row for row in load_follow_up().rows if row.outcome in (HOLD, LOOK)]
    assert [code(cells[0]) for cells in ladder] == [row.id for row in ending]
    for cells, row in zip(ladder, ending, strict=True):
        assert cells[2].startswith(how_it_ends(row))


@pytest.mark.parametrize("file", [README, *sorted((TOP / "docs").rglob("*.md")), TOP / "CHANGELOG.md"], ids=str)
def test_links_lead_somewhere(file: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (file.parent / target).exists(), target


def how_it_ends(row: Row) -> str:
    return "enrolled, but held" if row.outcome == LOOK else "held"


def fill_in(opened: Shell, sandbox: Sandbox, key: str, mode: str) -> Path:
    """The copied configuration, filled in; the key that was made stays."""
    config = sandbox.config(opened.folder, {"worker": {"mode": mode}})
    (opened.folder / "secrets" / "ledger.key").write_text(key)
    assert load(config, {}).worker.mode == mode
    return config


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def reasons() -> set[str]:
    """The rows that the worker gives itself: whatever is the first argument of a `Reason`."""
    calls = [node for path in (TOP / "worker").rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    return {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Reason"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def commands() -> Iterator[tuple[str, Any]]:
    """Every command under its whole name."""
    pending = [("", typer.main.get_command(app))]
    while pending:
        above, group = pending.pop(0)
        for name, command in getattr(group, "commands", {}).items():
            if hasattr(command, "commands"):
                pending.append((f"{above}{name} ", command))
            else:
                yield f"{above}{name}", command


def usage_of(name: str, command: Any) -> str:
    return " ".join([name, *(_parameter(each) for each in command.params if each.name != "help")])


def _parameter(parameter: Any) -> str:
    shown = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "argument":
        return shown if parameter.required else f"[{shown.upper()}]"
    option = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {shown}"
    return option if parameter.required else f"[{option}]"


def first_line(command: Any) -> str:
    return str(command.help).splitlines()[0]
