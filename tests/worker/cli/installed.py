"""The program as an operator meets it: a configuration, a command, and what comes back."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine
from typer.testing import CliRunner

from connectors.sandbox.servicenow.acts.filing import Filed
from connectors.sandbox.world import Sandbox
from tests.rig import DUO_MOBILE, UNHURRIED
from tests.worker.settings.configured import written
from worker import wiring
from worker.cli.main import app
from worker.ledger import migrate as migrating
from worker.ledger.database import Ledger, make_engine
from worker.ledger.migrate import migrate, open_ledger

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER_KEY = base64.urlsafe_b64encode(b"o" * 32).decode()


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """The one sentence on standard error; it fails where there is none, or more than that and lines of the log."""
        (sentence,) = [line for line in self.err.splitlines() if not line.startswith("{")]
        assert sentence.startswith("duo-worker: ")
        return sentence.removeprefix("duo-worker: ")

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(config: Path | None, *words: str, environ: Mapping[str, str | None] | None = None) -> Ended:
    """One command, in this process; what the end of a process would close is closed."""
    before = ["--config", str(config)] if config else []
    with closing_ledgers():
        ended = CliRunner().invoke(app, [*before, *words], env=environ, catch_exceptions=False)
    structlog.reset_defaults()
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


@contextmanager
def closing_ledgers() -> Iterator[None]:
    """Whatever ledger is opened inside is closed at the end."""
    engines: list[Engine] = []

    def remembered(url: str) -> Engine:
        engines.append(make_engine(url))
        return engines[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "make_engine", remembered)
        try:
            yield
        finally:
            for engine in engines:
                engine.dispose()


def configured(folder: Path, **changes: Mapping[str, Any] | None) -> Path:
    """A configuration that loads, with a key that can seal, and no ledger yet. Its systems aren't there."""
    config = written(folder, changes)
    (folder / "secrets" / "ledger.key").write_text(f"{KEY}\n")
    (folder / "var").mkdir(exist_ok=True)
    return config


def ledger_file(config: Path) -> Path:
    return config.parent / "var" / "duo-worker.db"


def made(config: Path) -> Path:
    """The ledger of the configuration, made; no connection to it is left open."""
    settings = wiring.settings(config, {})
    migrate(settings.worker.state, wiring.keys(settings), wiring.now())
    return ledger_file(config)


@dataclass(frozen=True)
class Installation:
    """A sandbox on the real clock, and the configuration of a worker for it."""

    sandbox: Sandbox
    config: Path

    def run(self, *words: str) -> Ended:
        return run(self.config, *words)

    def file(self, kind: str, place: int = 0, *, device: str = DUO_MOBILE, preferred: str = "") -> Filed:
        answers = {"device_type": device, "mobile_number": "", "phone_os": "iPhone", "preferred_method": preferred}
        return self.sandbox.servicenow.file_request(self.sandbox.person(kind, place), answers)

    def state(self, filed: Filed) -> str:
        """The request's state, as `show` has it."""
        return str(self.run("show", filed.task.number, "--json").json["state"])

    def secret(self, name: str) -> Path:
        return self.config.parent / "secrets" / name

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        settings = wiring.settings(self.config, {})
        ledger = open_ledger(settings.worker.state, wiring.keys(settings))
        try:
            yield ledger
        finally:
            ledger.engine.dispose()


@contextmanager
def installed(folder: Path, changes: Mapping[str, Mapping[str, Any]] | None = None) -> Iterator[Installation]:
    """An installation with an empty ledger; `changes` are configuration keys by table."""
    names = {*UNHURRIED, *(changes or {})}
    tables = {name: {**UNHURRIED.get(name, {}), **(changes or {}).get(name, {})} for name in names}
    with Sandbox.start(clock=wiring.now, folder=folder) as sandbox:
        config = sandbox.config(folder, tables)
        made(config)
        yield Installation(sandbox, config)
