"""`migrate`: makes the ledger, or brings it to this version."""

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.ledger.migrate import migrate


def command(context: typer.Context) -> None:
    """Make the ledger, or bring it to this version."""
    finish(lambda: _migrate(context))


def _migrate(context: typer.Context) -> None:
    settings = wiring.settings(context.obj.config)
    before, after = migrate(settings.worker.state, wiring.keys(settings), wiring.now())
    where = settings.worker.state
    if not before:
        typer.echo(f"ledger made: {where} (version {after})")
    elif before == after:
        typer.echo(f"ledger is up to date: {where} (version {after})")
    else:
        typer.echo(f"ledger upgraded from {before} to {after}: {where}")
