"""`retry TICKET` and `release TICKET`: back to `new`, for every guard to be asked again."""

import typer

from worker.cli.ending import BadUse, finish
from worker.cli.opened import opened
from worker.cli.shown import say
from worker.cli.which import request_named, whoever
from worker.operating import NotNow, retry


def command(context: typer.Context, ticket: str) -> None:
    """Back to new, whatever a person has it for: every guard is asked again. Who did it is recorded."""
    finish(lambda: _retry(context, ticket))


def release(context: typer.Context, ticket: str) -> None:
    """Another name of retry, for a held ticket that may go on: nothing is skipped by it either."""
    finish(lambda: _retry(context, ticket))


def _retry(context: typer.Context, ticket: str) -> None:
    shop = opened(context.obj.config, owner="command")
    request = request_named(shop.ledger, ticket)
    try:
        retry(shop, request, whoever())
    except NotNow as busy:
        raise BadUse(str(busy)) from busy
    say(f"{request.number} is new again; the worker decides it at its next pass")
