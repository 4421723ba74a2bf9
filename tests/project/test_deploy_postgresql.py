"""What `deploy/` says of PostgreSQL is done to one: the user is made, the ledger works, is backed up and restored."""

import os
import re
import stat
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
import pytest
from cryptography.fernet import Fernet

from tests.postgres import USER, Server, plain, server
from worker.ledger import requests
from worker.ledger.database import Ledger, LedgerError
from worker.ledger.migrate import migrate, open_ledger
from worker.ledger.requests import Filed
from worker.ledger.seal import Keys

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
GUIDE: Final = (DEPLOY / "postgresql.md").read_text(encoding="utf-8")
SCRIPT: Final = f"'{DEPLOY}/postgresql/make-ledger.sh'"
NOW: Final = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
PASSWORD: Final = "it's 4 \\n $HOME `id`; :quoted"
"""Whatever a password may hold that a shell or SQL would take for its own; but no colon that isn't escaped."""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server as the image makes it, and libpq told of both users' passwords by a file."""
    (tmp_path / "password").write_text(PASSWORD)
    with server() as own, pytest.MonkeyPatch.context() as patch:  # undone before the server takes its own file away
        known = Path(os.environ["PGPASSFILE"]).read_text()
        escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
        passfile = tmp_path / "pgpass"
        passfile.touch(mode=0o600)
        passfile.write_text(f"{known}127.0.0.1:*:*:duo:{escaped}\n")
        patch.setenv("PGPASSFILE", str(passfile))
        yield own


def run(own: Server, commands: str, folder: Path, user: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """In a shell that finds the server and its programs."""
    known = {"PATH": f"{own.binaries}:{os.environ['PATH']}", "PGHOST": "127.0.0.1", "PGPORT": str(own.port)}
    environ = {**known, "PGUSER": user, "PGPASSFILE": os.environ["PGPASSFILE"], **more}
    words = ["sh", "-c", commands]
    return subprocess.run(words, env=environ, cwd=folder, capture_output=True, text=True, check=False)


def made(own: Server, folder: Path, **more: str) -> str:
    """The ledger's URL, once the user and the database are there."""
    told: Mapping[str, str] = {"DUO_PASSWORD_FILE": str(folder / "password"), "POSTGRES_USER": USER, **more}
    ended = run(own, SCRIPT, folder, USER, **told)
    assert ended.returncode == 0, ended.stderr
    assert (ended.stdout, ended.stderr) == ("", "")
    return f"postgresql+psycopg://duo@127.0.0.1:{own.port}/duo"


def filed(ledger: Ledger, ticket: str) -> int:
    with ledger.writing() as connection:
        requests.add(connection, Filed("servicenow", ticket, "N", (), ticket, "u", "o", NOW, "digest", ""), NOW)
        found = requests.by_ticket(connection, "servicenow", ticket)
    assert found is not None
    return found.id


def block(section: str, place: int = 0) -> str:
    """A shell block under a heading of the guide."""
    text = GUIDE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return blocks[place]


def test_a_user_who_owns_its_database_and_nothing_else_has_a_ledger_backed_up_and_restored(
    own: Server, tmp_path: Path
) -> None:
    url, keys = made(own, tmp_path), Keys([Fernet.generate_key().decode()])
    assert migrate(url, keys, NOW)[0] == ""
    ledger = open_ledger(url, keys)
    assert filed(ledger, "before") == 1
    saved = run(own, block("Back up and restore"), tmp_path, "duo")
    assert (saved.returncode, saved.stderr) == (0, "")
    assert filed(ledger, "after") == 2
    ledger.engine.dispose()
    restored = run(own, block("Back up and restore", 1), tmp_path, "duo")
    assert (restored.returncode, restored.stderr) == (0, "")
    ledger = open_ledger(url, keys)
    with ledger.reading() as connection:
        assert requests.by_ticket(connection, "servicenow", "after") is None
        assert requests.by_ticket(connection, "servicenow", "before") is not None
    assert filed(ledger, "new") == 2
    ledger.engine.dispose()
    with psycopg.connect(plain(url)) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert rights.fetchone() == (False, False, False)


def test_the_administrators_password_of_the_image_is_taken_away(own: Server, tmp_path: Path) -> None:
    made(own, tmp_path, POSTGRES_PASSWORD="of the image")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(plain(own.databases.url))


def test_no_password_is_none(own: Server, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("")
    told = {"DUO_PASSWORD_FILE": str(tmp_path / "password"), "POSTGRES_USER": USER}
    ended = run(own, SCRIPT, tmp_path, USER, **told)
    assert ended.returncode == 1
    assert "there is no password in" in ended.stderr


def test_a_password_file_that_others_may_read_is_passed_over_and_the_sentence_says_where_to_look(
    own: Server, tmp_path: Path
) -> None:
    url = made(own, tmp_path)
    Path(os.environ["PGPASSFILE"]).chmod(0o640)
    with pytest.raises(LedgerError, match="PGPASSFILE"):
        open_ledger(url, Keys([Fernet.generate_key().decode()]))


def test_the_files_of_the_guide_are_those_that_the_containers_want(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    commands = block("With containers").replace("chown 999", "true").replace("chown 10001", "true")
    ended = subprocess.run(["sh", "-c", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    password = (tmp_path / "secrets" / "postgresql").read_text().strip()
    assert len(password) == 48
    assert (tmp_path / "secrets" / "pgpass").read_text() == f"postgresql:5432:*:duo:{password}\n"
    named = set(
        re.findall(r"^    file: \./(secrets/\S+)$", (DEPLOY / "compose.postgresql.yaml").read_text(), re.MULTILINE)
    )
    assert named == {f"secrets/{file.name}" for file in (tmp_path / "secrets").iterdir()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "secrets").iterdir()} == {0o400}


def test_no_password_stands_in_an_environment_or_an_argument() -> None:
    compose = (DEPLOY / "compose.postgresql.yaml").read_text(encoding="utf-8")
    assert re.findall(r"\w*PASSWORD\w*: .*", compose) == ["POSTGRES_PASSWORD_FILE: /proc/sys/kernel/random/uuid"]
    assert "postgresql+psycopg://duo@postgresql/duo" in compose
    assert os.access(DEPLOY / "postgresql" / "make-ledger.sh", os.X_OK), "else the image reads it into its own shell"
