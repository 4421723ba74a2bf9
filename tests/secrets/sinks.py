"""Everything that is written down or shown, as texts with the place where each was found."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

import pytest
import structlog

from connectors.errors import ConnectorError
from connectors.sandbox.world import Sandbox
from tests.connectors.scripted import everything_shown
from tests.rig import PASSPHRASE
from tests.secrets.planted import Planted
from worker import logs

FIELD: Final = "u_passphrase"
OPEN_STATES: Final = ("-5",)
ACCOUNTS: Final = frozenset({"sys_user", "oauth_entity"})  # where the instance itself keeps its people's passwords


class Sunk(NamedTuple):
    """A text in some sink."""

    place: str
    text: str


class Leak(NamedTuple):
    """A secret in some sink. Its value stays out of the message."""

    what: str
    place: str
    around: str


def leaks(sunk: Iterator[Sunk], planted: Planted) -> list[Leak]:
    """Every secret in any of the texts."""
    return [
        Leak(what, each.place, _around(each.text, value))
        for each in sunk
        for what, value in planted.found_in(each.text)
    ]


def tickets(sandbox: Sandbox) -> Iterator[Sunk]:
    """Every field of every record of both help sites, but for the passphrase where it belongs.

    That is its field, as long as it is wanted; on TeamDynamix, which has none, its place in the comment.
    """
    for table, records in sandbox.servicenow._instance.store._records.items():
        for record in records.values():
            for name, value in record.values.items():
                if table not in ACCOUNTS and not (name == FIELD and record.values["state"] in OPEN_STATES):
                    yield Sunk(f"{table}.{name} of {record.values.get('number', record.sys_id)}", value)

    for ticket in sandbox.teamdynamix._site.tickets.values():
        for name in ("title", "description", "attributes", "notify"):
            yield Sunk(f"{name} of {ticket.id}", str(getattr(ticket, name)))
        for entry in ticket.feed:
            text = entry.body if entry.private else PASSPHRASE.sub("", entry.body)
            yield Sunk(f"the feed of {ticket.id}", f"{text} {entry.notified} {entry.replies}")


def mails(sandbox: Sandbox) -> Iterator[Sunk]:
    """Every message as it went over the wire, decoded: the link belongs there, and nothing else."""
    for mail in sandbox.mail.messages:
        headers = "\n".join(f"{name}: {value}" for name, value in mail.message.items())
        yield Sunk(f"mail to {mail.recipients}", f"{headers}\n{mail.plain}\n{mail.html}")


def files(*folders: Path) -> Iterator[Sunk]:
    """Every byte of every file, as characters."""
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                yield Sunk(str(file), file.read_bytes().decode("latin-1"))


def errors(raised: list[ConnectorError]) -> Iterator[Sunk]:
    """All that a traceback, a log or a debugger's first look shows of each, and of what led to it."""
    for error in raised:
        yield Sunk(f"{type(error).__name__} of {error.system}", everything_shown(error))


@contextmanager
def logging_to(stream: StringIO) -> Iterator[None]:
    """All logs at DEBUG: the worker's own as `--debug` has them, and whatever libraries say to a root that listens."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    logs.set_up(stream, debug=True)
    root.addHandler(logging.StreamHandler(stream))
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        structlog.configure(**before)
        root.handlers[:], root.level = handlers, level
        for name, known in levels.items():
            logging.getLogger(name).setLevel(known)


@contextmanager
def errors_to(raised: list[ConnectorError]) -> Iterator[None]:
    """Every error that a connector makes, whoever catches it."""
    made = ConnectorError.__init__

    def kept(self: ConnectorError, system: str, detail: str) -> None:
        made(self, system, detail)
        raised.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConnectorError, "__init__", kept)
        yield


def of_process(pid: int) -> Iterator[Sunk]:
    """What anybody on the machine sees of a process: its words, and its environment."""
    for name in ("cmdline", "environ"):
        yield Sunk(f"/proc/PID/{name}", Path(f"/proc/{pid}/{name}").read_bytes().decode("latin-1"))


def _around(text: str, value: str) -> str:
    place = text.index(value)
    return text[max(0, place - 60) : place] + "<HERE>" + text[place + len(value) :][:40]


assert sys.platform == "linux", "what is seen of a process is read from /proc"
