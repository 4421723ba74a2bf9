"""The tests' own PostgreSQL: there for whoever needs it, gone afterwards, and no folder's permissions changed."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import NoPostgres, plain, server, usable_binaries


def modes(path: Path) -> list[int]:
    return [stat.S_IMODE(each.stat().st_mode) for each in (path, *path.parents)]


def test_a_server_comes_and_goes_and_keeps_what_it_has_over_a_restart() -> None:
    before = modes(Path(postgres.__file__))
    with server() as own:
        url = own.databases.make()
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE kept (x int)")
        own.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(plain(url))
        own.start()
        with psycopg.connect(plain(url)) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        copy = own.databases.make(url)
        own.databases.drop(copy)
    assert not own.folder.exists()
    assert modes(Path(postgres.__file__)) == before


def test_nobody_without_the_password_comes_in() -> None:
    with server() as own, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"{plain(own.databases.url)}?passfile=/nowhere")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another account")
def test_where_the_other_account_cant_reach_the_binaries_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = postgres._tried
    monkeypatch.setattr(
        postgres, "_tried", lambda where, *more: "shut" if tmp_path not in where.parents else tried(where, *more)
    )
    tmp_path.chmod(0o755)
    assert tmp_path in usable_binaries(tmp_path, {}).parents


def test_binaries_that_dont_run_are_a_failure_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_tried", lambda *_: "no such machine")
    with pytest.raises(NoPostgres, match="no such machine"):
        usable_binaries(tmp_path, {})
