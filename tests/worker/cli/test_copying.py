"""`migrate --from`: what an operator reads who moves a ledger to PostgreSQL, and what is refused."""

from pathlib import Path

import pytest

from tests.worker.cli.installed import OTHER_KEY, Ended, Installation, configured, ledger_file, made, run
from worker.dispatch.local import only_one

STATE = "DUO_WORKER_WORKER__STATE"
NOWHERE = "postgresql+psycopg://duo@localhost/nowhere"


def copied(config: Path, source: object, target: str) -> Ended:
    return run(config, "migrate", "--from", str(source), environ={STATE: target})


def test_a_copied_ledger_shows_the_same_and_is_worked_on(installation: Installation, database: str) -> None:
    filed = installation.file("never_activated")
    installation.file("disabled")
    assert installation.run("once").code == 0
    before = installation.run("list", "--json").json
    file = ledger_file(installation.config)
    ended = copied(installation.config, f"sqlite:{file}", database)
    assert ended.code == 0, ended.err
    assert f"ledger copied from sqlite:///{file} to {database}; every row was read back and compared" in ended.out
    assert "  requests: 2\n" in ended.out
    assert "left out: leases (" in ended.out
    moved = {STATE: database}
    assert run(installation.config, "list", "--json", environ=moved).json == before
    assert run(installation.config, "once", environ=moved).code == 0
    shown = run(installation.config, "show", filed.task.number, "--json", environ=moved).json
    assert shown["state"] == "awaiting"
    assert len([text for text in installation.sandbox.duo.texts if text.kind == "activation"]) == 1


@pytest.mark.parametrize("form", ["sqlite:{}", "sqlite:///{}"])
def test_both_ways_to_write_a_path_name_the_same_file(tmp_path: Path, database: str, form: str) -> None:
    config = configured(tmp_path)
    assert copied(config, form.format(made(config)), database).code == 0


def test_a_ledger_that_a_worker_runs_on_is_exit_3(tmp_path: Path) -> None:
    config = configured(tmp_path)
    file = made(config)
    with only_one(file):
        ended = copied(config, f"sqlite:{file}", NOWHERE)
    assert (ended.code, ended.said) == (3, f"another duo-worker acts on {file}; stop that one first")


def test_another_key_is_exit_3(tmp_path: Path, database: str) -> None:
    config = configured(tmp_path)
    file = made(config)
    (tmp_path / "secrets" / "ledger.key").write_text(f"{OTHER_KEY}\n")
    ended = copied(config, f"sqlite:{file}", database)
    assert ended.code == 3
    assert "key_file doesn't fit this ledger" in ended.said


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("postgresql+psycopg://duo@localhost/other", "is no SQLite ledger; write sqlite: and its path"),
        ("/var/lib/duo-worker/duo-worker.db", "is no SQLite ledger; write sqlite: and its path"),
        ("sqlite:", "is no SQLite ledger; write sqlite: and its path"),
        ("sqlite:/nowhere/ledger.db", "there is no ledger at /nowhere/ledger.db; mend the path after --from"),
    ],
)
def test_what_is_no_ledger_to_copy_is_exit_2(tmp_path: Path, source: str, says: str) -> None:
    ended = copied(configured(tmp_path), source, NOWHERE)
    assert ended.code == 2
    assert says in ended.said


def test_a_copy_into_sqlite_is_exit_2_and_makes_nothing(tmp_path: Path) -> None:
    config = configured(tmp_path)
    file = made(config)
    ended = copied(config, f"sqlite:{file}", "sqlite:///other.db")
    assert ended.code == 2
    assert "--from copies into PostgreSQL; say where with [worker] state" in ended.said
    assert not (tmp_path / "other.db").exists()
