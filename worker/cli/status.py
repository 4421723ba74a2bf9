"""`status`: mode, brakes, backlog, budgets, the age of the last good poll, guards that are off."""

from typing import Annotated, Any

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.cli.shown import print_json, say
from worker.health import health, sentences


def command(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False
) -> None:
    """How the worker is doing, and what stands in its way."""
    finish(lambda: _status(context, as_json=as_json))


def _status(context: typer.Context, *, as_json: bool) -> None:
    settings = wiring.settings(context.obj.config)
    found: dict[str, Any] = health(wiring.ledger(settings), settings, wiring.now())
    if as_json:
        print_json(found)
    else:
        for line in sentences(found):
            say(line)
