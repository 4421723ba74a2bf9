"""A ledger that can't be used is exit 3 with what to do, is left as it is, and no other one is put in its place."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.worker.cli.installed import OTHER_KEY, Ended, configured, ledger_file, made, run
from worker.dispatch.local import only_one
from worker.ledger import database

NOBODY = 65534
COMMANDS = ("status", "once", "migrate")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configured(tmp_path)


def changed(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def overwritten(file: Path) -> None:
    file.write_bytes(b"not a database, " * 1000)


def holed(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:5000] + b"\xff" * 30_000 + content[35_000:])


def cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def of_a_later_program(file: Path) -> None:
    changed(file, "UPDATE alembic_version SET version_num = '9999'")


def of_another_program(file: Path) -> None:
    file.unlink()
    changed(file, "CREATE TABLE customers (name TEXT)")


def without_its_canary(file: Path) -> None:
    changed(file, "DELETE FROM marks WHERE name = 'sealed'")


WRONG: tuple[tuple[Callable[[Path], None], tuple[str, ...], str], ...] = (
    (emptied, ("status", "once"), "is empty; for a first installation run: duo-worker migrate"),
    (overwritten, COMMANDS, "is not a ledger; check [worker] state, or restore it from a back-up"),
    (holed, COMMANDS, "restore it from a back-up (docs/failures.md says how)"),
    (cut, COMMANDS, "restore it from a back-up (docs/failures.md says how)"),
    (of_a_later_program, COMMANDS, "is of the newer version 9999; install the duo-worker that made it"),
    (of_another_program, ("status",), "holds no ledger; for a first installation run: duo-worker migrate"),
    (of_another_program, ("migrate",), "holds tables that are no ledger's; give [worker] state its own"),
    (without_its_canary, COMMANDS, "has lost the value that proves its key; restore it from a back-up"),
)


@pytest.mark.parametrize(("spoil", "commands", "said"), WRONG, ids=lambda value: getattr(value, "__name__", None))
def test_a_spoilt_ledger_is_exit_3_and_stays_as_it_is(
    config: Path, spoil: Callable[[Path], None], commands: tuple[str, ...], said: str
) -> None:
    file = made(config)
    spoil(file)
    before = file.read_bytes()
    for command in commands:
        refused(run(config, command), said)
    assert file.read_bytes() == before


@pytest.mark.parametrize("command", ["status", "list", "once", "run", "pause", "check"])
def test_a_missing_ledger_is_exit_3_and_none_is_made(config: Path, command: str) -> None:
    refused(run(config, command), "for a first installation run: duo-worker migrate, else restore it from a back-up")
    assert not ledger_file(config).exists()


def test_a_ledger_without_its_folder_is_exit_3(config: Path) -> None:
    ledger_file(config).parent.rmdir()
    refused(run(config, "migrate"), "of [worker] state doesn't exist; make it and run this again")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_key_that_does_not_open_the_ledger_is_exit_3(config: Path, command: str) -> None:
    file = made(config)
    before = file.read_bytes()
    (config.parent / "secrets" / "ledger.key").write_text(f"{OTHER_KEY}\n")
    refused(run(config, command), "[worker] key_file doesn't fit this ledger")
    assert file.read_bytes() == before


@pytest.mark.parametrize("command", ["pause", "once"])
def test_a_locked_ledger_is_exit_3(config: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(database, "SQLITE_BUSY_MS", 20)
    with closing(sqlite3.connect(made(config), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(run(config, command), "is locked by another program; stop that one, or wait for it, and start again")


@pytest.mark.parametrize("folder", [0o777, 0o555], ids=["file", "folder"])
@pytest.mark.parametrize("command", ["pause", "once"])
def test_a_read_only_ledger_is_exit_3(folder: int, command: str) -> None:
    with readable_by_anybody() as place:
        config = configured(place)
        file = made(config)
        file.chmod(0o444)
        file.parent.chmod(folder)
        before = file.read_bytes()
        with as_somebody_without_rights():
            ended = run(config, command)
        refused(ended, "can't be written; give this account write permission on the file and its folder")
        assert file.read_bytes() == before
        file.parent.chmod(0o777)


def test_a_lock_that_cannot_be_opened_is_exit_3() -> None:
    with readable_by_anybody() as place:
        config = configured(place)
        file = made(config)
        for path in (file, file.parent):
            path.chmod(0o777)
        file.with_name("duo-worker.db.lock").touch(mode=0o400)
        with as_somebody_without_rights():
            ended = run(config, "once")
        refused(ended, "beside the ledger can't be opened (Permission denied); give this account write permission")


@pytest.mark.parametrize("command", ["once", "run"])
def test_a_second_acting_process_is_exit_3_and_one_that_looks_is_served(config: Path, command: str) -> None:
    file = made(config)
    with only_one(file):
        refused(run(config, command), f"another duo-worker acts on {file}; stop that one first")
        assert run(config, "status").code == 0
        assert run(config, "pause").code == 0


def test_status_of_a_fresh_installation_says_how_to_begin(config: Path) -> None:
    assert run(config, "migrate").code == 0
    assert "polling: never yet; begin with: duo-worker run" in run(config, "status").out


def test_a_ledger_is_made_once_and_is_then_up_to_date(config: Path) -> None:
    assert "ledger made" in run(config, "migrate").out
    assert "up to date" in run(config, "migrate").out


def refused(ended: Ended, said: str) -> None:
    assert said in ended.said
    assert ended.code == 3


@contextmanager
def readable_by_anybody() -> Iterator[Path]:
    """A folder that other accounts may enter, which a test's own isn't."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """Root may write everywhere, so that a test run as root has to be somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
