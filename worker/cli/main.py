"""`duo-worker [--config FILE] COMMAND`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from worker import logs
from worker.cli import migrate, once
from worker.cli import run as service
from worker.cli.ending import Given

app = typer.Typer(
    name="duo-worker",
    help="Does the administrator's part of Duo enrolment requests: decides, acts in Duo, delivers, tells.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def before(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="The configuration; else DUO_WORKER_CONFIG, ./config.toml, /etc/duo-worker/config.toml.",
            show_default=False,
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Log more.")] = False,
) -> None:
    """What stands before the command."""
    logs.set_up(debug=debug)
    context.obj = Given(config)


app.command("run")(service.command)
app.command("once")(once.command)
app.command("migrate")(migrate.command)


def run() -> None:
    """The program."""
    sys.exit(app())
