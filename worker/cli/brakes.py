"""`pause`, `resume`, `surge`."""

from datetime import timedelta
from typing import Annotated

import typer

from worker import brakes, wiring
from worker.cli.ending import finish
from worker.cli.opened import opened
from worker.cli.shown import moment
from worker.cli.which import whoever


def pause(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Stop everything, undoing and watching too.")] = False,
) -> None:
    """Stop issuing on every worker; undoing, watching and holding go on."""
    finish(lambda: _pause(context, everything=everything))


def resume(context: typer.Context) -> None:
    """Lift every brake: pauses, paused systems, a stopped poll."""
    finish(lambda: _resume(context))


def surge(
    context: typer.Context,
    factor: Annotated[int, typer.Option(min=2, max=20, help="The caps an hour are multiplied by it.")] = 5,
    hours: Annotated[int, typer.Option(min=1, max=24, help="For so long.")] = 24,
) -> None:
    """Raise the caps an hour for at most 24 hours."""
    finish(lambda: _surge(context, factor, hours))


def _pause(context: typer.Context, *, everything: bool) -> None:
    ledger = wiring.ledger(wiring.settings(context.obj.config))
    brakes.pause(ledger, wiring.now(), everything=everything, why=f"duo-worker pause by {whoever()}")
    typer.echo("everything stands still" if everything else "issuing stands still; undoing, watching, holding go on")


def _resume(context: typer.Context) -> None:
    shop = opened(context.obj.config, owner="resume")  # a secret that can't be read is told before anything is lifted
    brakes.resume(shop.ledger, wiring.now())
    typer.echo("no brake is on")


def _surge(context: typer.Context, factor: int, hours: int) -> None:
    ledger = wiring.ledger(wiring.settings(context.obj.config))
    why = f"duo-worker surge by {whoever()}"
    until = brakes.surge(ledger, wiring.now(), factor=factor, lasts=timedelta(hours=hours), why=why)
    typer.echo(f"caps are {factor} times as high until {moment(until)} UTC")
