"""The scans of one life, each of one sink: no secret stands anywhere but where it belongs (design §6.5, §6.7)."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest

from tests import counted
from tests.rig import System
from tests.secrets import sinks
from tests.secrets.life import Life, Part, lived
from tests.secrets.sinks import Leak, Sunk, leaks
from tests.worker.cli.installed import run
from worker.health import health
from worker.http import listening

SECRETS: Final = ("code", "passphrase", "link", "access token", "activation link", "enrolment code", "a wrong secret")
SECRET_FILES: Final = (
    *("duo", "servicenow-client", "servicenow-password", "teamdynamix", "teamdynamix-key", "password-pusher", "mail"),
    "ledger.key",
)
COMMANDS: Final = (("list",), ("status",), ("check",), ("report",))


@dataclass(frozen=True)
class Lived:
    """A life, and what was left in the folder for temporary files."""

    life: Life
    temporary: Path


@contextmanager
def after(factory: pytest.TempPathFactory, parts: tuple[Part, ...], system: System) -> Iterator[Lived]:
    """A life of these parts, over."""
    temporary = factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr("tempfile.tempdir", None)
        with lived(factory.mktemp("life"), parts, system) as life:
            yield Lived(life, temporary)


def had_everything(after: Lived) -> None:
    """Else a scan that finds nothing says nothing."""
    life, planted = after.life, after.life.planted
    assert [what for what in SECRETS if not planted.values[what]] == []
    assert [name for name in SECRET_FILES if not planted.values[f"the file {name}"]] == []
    states = Counter(str(life.rig.request(filed).state) for filed in life.filed)
    assert states.keys() >= {"awaiting", "held", "unsure", "closed"}, states
    kinds = Counter(f"{type(error).__name__} {error.system}" for error in life.raised)
    assert {type(error).__name__ for error in life.raised} == {
        "Unavailable", "Refused", "Uncertain", "Misconfigured",
    }, kinds  # fmt: skip
    assert {error.system for error in life.raised} == {life.rig.system, "duo", "password_pusher", "mail"}, kinds
    assert '"event": "bug"' in life.log.getvalue()


def told(found: list[Leak]) -> str:
    """What leaked, a line each, and counted; empty: nothing."""
    for _ in found:
        counted.found("leaked")
    return "\n".join(f"{leak.what} in {leak.place}: {leak.around}" for leak in found)


def the_log(after: Lived) -> str:
    return told(leaks(iter([Sunk("log", after.life.log.getvalue())]), after.life.planted))


def tickets(after: Lived) -> str:
    """The passphrase may stand in its field while it is wanted."""
    return told(leaks(sinks.tickets(after.life.rig.sandbox), after.life.planted))


def mails(after: Lived) -> str:
    found = leaks(sinks.mails(after.life.rig.sandbox), after.life.planted)
    assert any(leak.what == "link" for leak in found), "that is what it is for"
    return told([leak for leak in found if leak.what != "link"])


def the_ledger(after: Lived) -> str:
    var = after.life.folder / "var"
    assert {file.name for file in var.iterdir()} >= {"duo-worker.db", "duo-worker.db-wal", "duo-worker.db-shm"}
    return told(leaks(sinks.files(var), after.life.planted))


def errors(after: Lived) -> str:
    return told(leaks(sinks.errors(after.life.raised), after.life.planted))


def temporary_files(after: Lived) -> str:
    return told(leaks(sinks.files(after.temporary), after.life.planted))


def commands(after: Lived) -> str:
    life = after.life
    chosen = {str(life.rig.request(filed).state): filed.task.number for filed in life.filed}
    about_one = [("show", number) for number in chosen.values()] + [("explain", chosen["held"])]
    return told(leaks(_shown(life, [*COMMANDS, *about_one]), life.planted))


def metrics(after: Lived) -> str:
    rig = after.life.rig
    with listening("127.0.0.1:0", lambda: health(rig.shop.ledger, rig.settings, rig.clock())) as port:
        pages = [Sunk(name, _page(f"http://127.0.0.1:{port}{name}")) for name in ("/metrics", "/health")]
    assert "duo_worker_requests" in pages[0].text
    return told(leaks(iter(pages), after.life.planted))


SCANS: Final[tuple[Callable[[Lived], str], ...]] = (
    the_log, tickets, mails, the_ledger, errors, temporary_files, commands, metrics,
)  # fmt: skip


def _shown(life: Life, commands: list[tuple[str, ...]]) -> Iterator[Sunk]:
    for words in commands:
        for more in ((), ("--json",)):
            ended = run(life.folder / "config.toml", "--debug", *words, *more)
            assert ended.out, f"{words} says nothing"
            yield Sunk(" ".join((*words, *more)), ended.out + ended.err)
    page = life.folder / "report.html"
    assert run(life.folder / "config.toml", "report", "--html", str(page)).code == 0
    yield Sunk("report --html", page.read_text(encoding="utf-8"))


def _page(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 - our own server, on loopback
        said: bytes = answer.read()
    return said.decode()
