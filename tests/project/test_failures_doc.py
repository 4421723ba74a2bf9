"""docs/failures.md says what the code does: every row is played, and every code that the code knows has its row."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from connectors import errors
from connectors.duo import failures as duo_failures
from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.https import Answer
from connectors.mail import mailer as mail_failures
from connectors.password_pusher import session as pusher_failures
from connectors.servicenow import failures as servicenow_failures
from connectors.teamdynamix import failures as teamdynamix_failures
from tests.project import played_duo, played_mail, played_password_pusher, played_servicenow, played_teamdynamix
from tests.project.played import Stage, stage
from tests.project.readme import TOP, code, sections
from worker.ledger import database
from worker.pacing import FIRST, LONGEST
from worker.steps.step import repeatable
from worker.steps.table import STEPS

DOC = sections(TOP / "docs" / "failures.md")
FOUR: tuple[type[ConnectorError], ...] = (Unavailable, Refused, Uncertain, Misconfigured)
NAMES = re.compile(r"`([A-Z]\w+)`|–")
CODES = re.compile(r"`(\d{3}|\d{5}|[1-5]xx)`")

SYSTEMS: Mapping[str, Any] = {
    "ServiceNow": played_servicenow.ROWS,
    "TeamDynamix": played_teamdynamix.ROWS,
    "Duo": played_duo.ROWS,
    "Password Pusher": played_password_pusher.ROWS,
}
ELSEWHERE = {("Password Pusher", 404)}
"""What it means depends on the endpoint, which `connectors.password_pusher.pushes` knows; its rows are played."""

TRANSLATORS: Mapping[str, ModuleType] = {
    "ServiceNow": servicenow_failures,
    "TeamDynamix": teamdynamix_failures,
    "Duo": duo_failures,
    "Password Pusher": pusher_failures,
    "Mail": mail_failures,
}


def table(title: str) -> list[list[str]]:
    (found,) = DOC[title].tables()
    return found


def error_names(cells: list[str]) -> list[str]:
    return [cell.strip("`") for cell in cells]


EFFECTS = {code(cells[0]): cells[2] for cells in table("The four errors")}
ACTING = {code(cells[0]): cells[3] for cells in table("The four errors")}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


def rows_of(title: str) -> list[Any]:
    return [pytest.param(title, cells, id=f"{title}: {cells[0][:60]}") for cells in table(title)]


def test_the_four_errors_are_the_four_errors() -> None:
    assert list(EFFECTS) == [kind.__name__ for kind in FOUR]
    assert set(FOUR) == set(ConnectorError.__subclasses__()) & {v for v in vars(errors).values() if isinstance(v, type)}
    assert f"{FIRST.seconds} s, then" in DOC["The four errors"].text
    assert f"{LONGEST.seconds // 60} min at most" in DOC["The four errors"].text


@pytest.mark.parametrize(("title", "cells"), [row for title in SYSTEMS for row in rows_of(title)])
def test_a_row_is_what_comes_of_playing_it(played: Stage, title: str, cells: list[str]) -> None:
    played.scripted.asked.clear()
    assert SYSTEMS[title][cells[0]](played) == {tuple(error_names(cells[1:3]))}


@pytest.mark.parametrize(("title", "cells"), rows_of("Mail"))
def test_a_row_about_mail_is_what_comes_of_playing_it(played: Stage, title: str, cells: list[str]) -> None:
    assert title == "Mail"
    assert played_mail.ROWS[cells[0]](played) == set(error_names(cells[1:2]))


@pytest.mark.parametrize("title", [*SYSTEMS, "Mail"])
def test_no_row_is_missing_and_every_row_says_what_follows_from_its_errors(title: str) -> None:
    known = {**SYSTEMS, "Mail": played_mail.ROWS}[title]
    assert [cells[0] for cells in table(title)] == list(known)
    for cells in table(title):
        *named, ticket, who = cells[1:]
        kinds = dict.fromkeys(name for name in error_names(named) if name != "–")
        assert ticket == " · ".join(dict.fromkeys(EFFECTS[kind] for kind in kinds)), cells[0]
        assert who == " · ".join(dict.fromkeys(ACTING[kind] for kind in kinds)), cells[0]


@pytest.mark.parametrize("title", [*SYSTEMS, "Mail"])
def test_every_code_that_the_code_knows_has_a_row(title: str) -> None:
    written = {found for cells in table(title) for found in CODES.findall(cells[0])}
    missing = {known for known in codes_of(TRANSLATORS[title]) if not written & {known, f"{known[0]}xx"}}
    assert missing == set()


@pytest.mark.parametrize("title", SYSTEMS)
def test_every_status_is_what_a_row_says(title: str) -> None:
    for status in range(200, 600):
        if (title, status) not in ELSEWHERE and (raised := of_status(title, status)):
            assert raised in covering(title, status), status


def test_every_step_has_its_line() -> None:
    rows = table("A lost answer")
    named = [name for cells in rows for name in re.findall(r"`([a-z_]+)`", cells[0])]
    assert sorted(named) == sorted(STEPS)
    for cells in rows:
        for name in re.findall(r"`([a-z_]+)`", cells[0]):
            look = STEPS[name].look
            seeks = look is not repeatable
            assert (cells[1] == "–") == (not seeks or name == "enrollment_mail"), name
            assert ("unsure" in cells[2]) == (seeks and "CannotTell(" in inspect.getsource(look)), name
            assert ("attempt" in cells[2]) == (STEPS[name].attempts > 1), name


def test_what_is_said_about_a_ledger_that_fails_under_way_is_in_the_table() -> None:
    engine = database.make_engine("sqlite:///nowhere.db")
    told = [cells[1] for cells in table("The ledger")]
    for word, _ in database._SQLITE_CURES:
        sentence = database._sentence(engine, f"database is {word}")
        assert word == "unable to open" or any(each in sentence for each in told), sentence


def test_what_is_said_about_a_ledger_is_said_by_the_code() -> None:
    sources = [*(TOP / "worker" / "ledger").glob("*.py"), TOP / "worker" / "dispatch" / "local.py"]
    text = re.sub(r"\{[^{}]*\}", "…", "".join(path.read_text() for path in sources))
    for cells in table("The ledger"):
        assert cells[1] in text, cells[0]


def of_status(title: str, status: int) -> tuple[str, str] | None:
    """What a read and a write become that are answered so, with nothing in the answer; None: they are a success."""
    read, write = (kind_of(partial(_answered, title, status, writing=writing)) for writing in (False, True))
    return None if "nothing" in (read, write) else (read, write)


def _answered(title: str, status: int, *, writing: bool) -> None:
    match title:
        case "ServiceNow":
            response = requests.Response()
            response.status_code, response._content = status, b""
            response.request = requests.Request("GET", "https://example.service-now.com").prepare()
            servicenow_failures.result(response, writing=writing)
        case "Duo":
            error = duo_failures.failure("POST" if writing else "GET", Answer(status, "", {}, b""), None)
            if error is not None:
                raise error
        case "TeamDynamix":
            teamdynamix_failures.result(Answer(status, "", {}, b""), writing=writing)
        case _:
            answer = Answer(status, "", {}, b"")
            if status not in (200, 201):
                raise pusher_failures._failure("POST" if writing else "GET", answer)


def kind_of(call: Callable[[], None]) -> str:
    try:
        call()
    except ConnectorError as error:
        return next(kind.__name__ for kind in type(error).mro() if kind in FOUR)
    return "nothing"


def covering(title: str, status: int) -> set[tuple[str, ...]]:
    """What the rows say that name this status; where none does, those that name its hundred."""
    for name in (str(status), f"{status // 100}xx"):
        found = {tuple(error_names(cells[1:3])) for cells in table(title) if name in CODES.findall(cells[0])}
        if found:
            return found
    return set()


def codes_of(module: ModuleType) -> set[str]:
    """The statuses and codes that a module compares with, or keeps as keys: three or five digits."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    constants = [each for node in ast.walk(tree) for each in _compared(node) if isinstance(each, ast.Constant)]
    known = {str(each.value) for each in constants} | {str(vars(module).get("NOT_FOUND", ""))}
    return {each for each in known if re.fullmatch(r"[1-5]\d\d|[1-5]\d{4}", each)} - {"10000"}


def _compared(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, comparators=others):
            for each in (left, *others):
                yield from each.elts if isinstance(each, ast.Tuple | ast.Set | ast.List) else [each]
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)
        case ast.Call(func=ast.Attribute(attr="startswith"), args=args):
            yield from args
        case ast.MatchValue(value=value):
            yield value
        case _:
            pass
