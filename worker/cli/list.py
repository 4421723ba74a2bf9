"""`list`: the ledger, a line a request."""

from typing import Annotated

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.cli.shown import option, print_json, print_table, request_json
from worker.ledger import views
from worker.ledger.rows import Request
from worker.ledger.states import State


def command(
    context: typer.Context,
    state: Annotated[list[State] | None, typer.Option("--state", help="Only these; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> None:
    """The requests in the ledger, those that changed last first."""
    finish(lambda: _list(context, state or [], limit, as_json=as_json))


def _list(context: typer.Context, states: list[State], limit: int, *, as_json: bool) -> None:
    ledger = wiring.ledger(wiring.settings(context.obj.config))
    with ledger.reading() as connection:
        found = views.listed(connection, states=states, limit=limit)
    if as_json:
        return print_json([request_json(request) for request in found])
    heads = ("ticket", "person", "state", "since (UTC)", "option, row", "waits for")
    return print_table(heads, [_row(each) for each in found])


def _row(request: Request) -> tuple[str, ...]:
    """Short, so that most fit a line of a terminal: why it is so is what `show` is for."""
    decided = ", ".join(part for part in (option(request), request.rule_row) if part)
    since = f"{request.state_at:%m-%d %H:%M}"
    return request.number, request.user_name, request.state, since, decided, request.waits_for
