"""`show TICKET`: all that the ledger knows of one request."""

from datetime import datetime
from typing import Annotated

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.cli.shown import event_json, moment, print_json, print_table, request_json, say, step_json
from worker.cli.which import request_named
from worker.ledger import views
from worker.ledger.rows import Request


def command(
    context: typer.Context,
    ticket: str,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> None:
    """One request: decision, steps, events."""
    finish(lambda: _show(context, ticket, as_json=as_json))


def _show(context: typer.Context, ticket: str, *, as_json: bool) -> None:
    ledger = wiring.ledger(wiring.settings(context.obj.config))
    request = request_named(ledger, ticket)
    with ledger.reading() as connection:
        steps, events = views.story(connection, request)
    if as_json:
        told = {"steps": [step_json(step) for step in steps], "events": [event_json(event) for event in events]}
        return print_json(request_json(request) | told)
    _print_head(request)
    say("\nsteps")
    rows = [(s.name, s.state, str(s.attempts), moment(s.begun_at), moment(s.ended_at)) for s in steps]
    print_table(("step", "state", "attempts", "begun (UTC)", "ended (UTC)"), rows)
    say("\nevents")
    return print_table(("at (UTC)", "event", ""), [(moment(e.at), e.name, _words(e.detail)) for e in events])


def _print_head(request: Request) -> None:
    for name, value in request_json(request).items():
        if value not in ("", None, (), []):
            say(f"{name.replace('_', ' '):>14}  {_text(value)}")


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{moment(value)} UTC"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _words(detail: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in detail.items())
