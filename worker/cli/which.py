"""The request that a command names, and who gives the command."""

import getpass
import os

from worker.cli.ending import BadUse
from worker.ledger import views
from worker.ledger.database import Ledger
from worker.ledger.rows import Request


def request_named(ledger: Ledger, name: str) -> Request:
    """The one request that people call so.

    Raises:
        BadUse: None or several.
    """
    with ledger.reading() as connection:
        found = views.named(connection, name.strip()) or views.named(connection, as_written(name))
    if not found:
        raise BadUse(f"the ledger knows no ticket {name!r}; duo-worker list shows those it knows")
    if len(found) > 1:
        numbers = ", ".join(request.number for request in found)
        raise BadUse(f"{name!r} stands for several tickets: {numbers}; name one of them")
    return found[0]


def as_written(name: str) -> str:
    """A ticket's number as its system writes it, however it was typed."""
    return name.strip().upper()


def whoever() -> str:
    """The account the command is given from, for the record: behind sudo, the one who called it."""
    return os.environ.get("SUDO_USER") or getpass.getuser()
