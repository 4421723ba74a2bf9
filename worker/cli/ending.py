"""How a command ends: the exit codes, and which error means which."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import structlog
import typer

from connectors.errors import ConnectorError
from rules.table import TableError
from worker.ledger.database import LedgerError
from worker.poll import PollStopped
from worker.printable import printable
from worker.settings import ConfigError
from worker.texts import TextError


@dataclass(frozen=True)
class Given:
    """What stood before the command: the configuration's file, None for the usual places."""

    config: Path | None


BUG, BAD_USE, UNUSABLE = 1, 2, 3

log = structlog.get_logger()


class Unusable(Exception):
    """An outside system can't be used, as the sentence says: exit 3."""


class BadUse(Exception):
    """The command was asked for something it can't do, as the sentence says: exit 2."""


def finish(work: Callable[[], object]) -> NoReturn:
    """Do `work` and end the command with its exit code."""
    raise typer.Exit(ending(work))


def ending(work: Callable[[], object]) -> int:
    """Do `work`; the exit code it ends with. Whatever is wrong is one sentence on standard error."""
    try:
        work()
    except (ConfigError, TableError, TextError, BadUse) as wrong:
        return _said(wrong, BAD_USE)
    except (LedgerError, ConnectorError, PollStopped, Unusable) as unusable:
        return _said(unusable, UNUSABLE)
    except Exception:
        log.exception("bug")
        return BUG
    return 0


def _said(wrong: Exception, code: int) -> int:
    sys.stderr.write(f"duo-worker: {printable(str(wrong))}\n")
    return code
