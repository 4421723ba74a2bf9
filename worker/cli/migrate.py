"""`migrate`: makes the ledger, or brings it to this version, or copies another into it."""

import re
from pathlib import Path
from typing import Annotated

import typer

from worker import wiring
from worker.cli.ending import BadUse, finish
from worker.dispatch.local import only_one
from worker.ledger.database import sqlite_file
from worker.ledger.migrate import migrate
from worker.settings import Settings


def command(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="URL",
            help="Copy this ledger (sqlite:/PATH), on which no worker runs, into an empty one on PostgreSQL.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Make the ledger, or bring it to this version; or copy another one into it."""
    finish(lambda: _copy(context, source) if source else _migrate(context))


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


def _copy(context: typer.Context, named: str) -> None:
    from worker.ledger.copying import LEFT, copy

    source, settings = _source(named), _to_postgresql(wiring.settings(context.obj.config))
    keys = wiring.keys(settings)
    with only_one(sqlite_file(source)):
        copied = copy(source, settings.worker.state, keys, wiring.now())
    typer.echo(f"ledger copied from {source} to {settings.worker.state}; every row was read back and compared")
    for name, count in copied.items():
        typer.echo(f"  {name}: {count}")
    typer.echo("  left out: " + "; ".join(f"{table.name} ({why})" for table, why in LEFT.items()))
    typer.echo("The old ledger is as it was. Keep it as a back-up, and let no worker run on it any more.")


def _source(named: str) -> str:
    found = re.fullmatch(r"sqlite:(?:///)?([^?#\0]+)", named)
    if found is None:
        raise BadUse(f"--from {named!r} is no SQLite ledger; write sqlite: and its path, such as sqlite:/srv/ledger.db")
    path = Path(found[1]).absolute()
    if not path.is_file():
        raise BadUse(f"there is no ledger at {path}; mend the path after --from")
    return f"sqlite:///{path}"


def _to_postgresql(settings: Settings) -> Settings:
    if sqlite_file(settings.worker.state) is not None:
        raise BadUse(
            '--from copies into PostgreSQL; say where with [worker] state = "postgresql+psycopg://USER@HOST/DATABASE"'
        )
    return settings
