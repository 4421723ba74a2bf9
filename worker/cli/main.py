"""`duo-worker [--config FILE] COMMAND`."""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from worker import logs
from worker.cli import (
    brakes,
    check,
    demo,
    explain,
    forecast,
    migrate,
    once,
    report,
    retry,
    revoke,
    rules,
    sandbox,
    show,
    status,
)
from worker.cli import list as listing
from worker.cli import run as service
from worker.cli.ending import Given
from worker.cli.shown import say

app = typer.Typer(
    name="duo-worker",
    help="Does the administrator's part of Duo enrolment requests: decides, acts in Duo, delivers, tells.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        try:
            say(f"duo-worker {version('duo-worker')}")
        except PackageNotFoundError:
            say("duo-worker, run from its source")
        raise typer.Exit


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
    _version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """What stands before the command."""
    logs.set_up(debug=debug)
    context.obj = Given(config)


app.command("demo")(demo.command)
app.command("run")(service.command)
app.command("once")(once.command)
app.command("check")(check.command)
app.command("explain")(explain.command)
app.add_typer(rules.app, name="rules")
app.command("list")(listing.command)
app.command("show")(show.command)
app.command("retry")(retry.command)
app.command("release")(retry.release)
app.command("revoke")(revoke.command)
app.command("pause")(brakes.pause)
app.command("resume")(brakes.resume)
app.command("surge")(brakes.surge)
app.command("status")(status.command)
app.command("report")(report.command)
app.command("forecast")(forecast.command)
app.command("migrate")(migrate.command)
app.command("sandbox")(sandbox.command)


def run() -> None:
    """The program."""
    sys.exit(app())
