"""How commands print: a table or sentences for people, one JSON value with --json."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.ledger.rows import Request, StepRow
from worker.ledger.views import Event
from worker.printable import printable

PIPED = 240
"""Columns of a table that no terminal shows."""
BETWEEN = 2
"""Columns between two columns of a table."""


def say(text: str) -> None:
    """One line or more on standard output; what isn't printable in it is written out."""
    try:
        typer.echo(printable(text))
    except BrokenPipeError:
        _unread()


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    say(json.dumps(value, default=_text, indent=2, ensure_ascii=False))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as wide as the terminal; in full where the output is piped."""
    if not rows:
        say("nothing")
        return
    shown = [[printable(cell) for cell in row] for row in rows]
    console = _Console()
    console = console if console.is_terminal else _Console(width=PIPED)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head, width in zip(heads, _widths(heads, shown, console.width), strict=True):
        table.add_column(head, overflow="fold", no_wrap=head == "ticket", width=width)  # a ticket is copied
    for row in shown:
        table.add_row(*map(Text, row))  # a plain text is read as markup
    console.print(table)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int | None]:
    """Each column's, so that no word is broken where that can be; those that want little more get it first."""
    columns = [[head, *cells] for head, cells in zip(heads, zip(*rows, strict=True), strict=True)]
    widths = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    left = room - BETWEEN * (len(columns) - 1) - sum(widths)
    if left < 0:
        return [None] * len(columns)
    wanted = [max(map(len, column)) - width for column, width in zip(columns, widths, strict=True)]
    for place in sorted(range(len(columns)), key=wanted.__getitem__):
        more = min(left, wanted[place])
        widths[place] += more
        left -= more
    return [*widths]


def request_json(request: Request) -> dict[str, Any]:
    """What may be shown of a request."""
    return {name: getattr(request, name) for name in _SHOWN} | {"option": option(request)}


def step_json(step: StepRow) -> dict[str, Any]:
    """What may be shown of a step."""
    return {
        "name": step.name,
        "state": step.state,
        "attempts": step.attempts,
        "begun_at": step.begun_at,
        "ended_at": step.ended_at,
        "result": step.result,
    }


def event_json(event: Event) -> dict[str, Any]:
    """One event."""
    return {"at": event.at, "name": event.name, **event.detail}


def option(request: Request) -> str:
    """The option, and what follows it."""
    return f"{request.outcome} → {request.then_option}" if request.then_option else request.outcome


def moment(at: datetime | None) -> str:
    """A time for a table."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


class _Console(Console):
    """Ends as `say` does where nobody reads on."""

    def on_broken_pipe(self) -> None:
        _unread()


def _unread() -> NoReturn:
    """Whoever read the output has enough, as `head` has: no bug, and nothing more to say."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at the end fails as well
    raise SystemExit(0)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{int(value.total_seconds())}s"
    return str(value)


_SHOWN = (
    "number", "other_numbers", "user_name", "state", "state_at", "due_at", "waits_for", "outcome", "then_option",
    "rule_row", "because", "next_step", "proof", "evidence", "tables_version", "filed_at", "decided_at", "delivered_at",
    "trouble", "how",
)  # fmt: skip
