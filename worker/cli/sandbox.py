"""`sandbox`: the stand-ins alone, to try the worker against."""

import errno
import signal
import threading
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from worker import wiring
from worker.cli.ending import BadUse, finish
from worker.cli.played import SYSTEM, System


def command(
    folder: Annotated[Path, typer.Argument(help="Gets config.toml and all that it names.")] = Path("sandbox"),
    *,
    tickets: Annotated[System, SYSTEM] = System.SERVICENOW,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    people: Annotated[int, typer.Option(min=1, help="How many, of all kinds in turn.")] = 32,
    latency: Annotated[int, typer.Option(min=0, metavar="MS", help="Of every answer, in milliseconds.")] = 0,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the control; 0: a free one.")] = 0,
) -> None:
    """ServiceNow, TeamDynamix, Duo, Password Pusher and a mail server on loopback, until Ctrl-C."""
    given = {"seed": seed, "count": people, "latency": timedelta(milliseconds=latency), "port": port}
    finish(lambda: _sandbox(folder, {**given, "tickets": tickets.value}))


def _sandbox(folder: Path, given: dict[str, Any]) -> None:
    try:
        from connectors.sandbox.launch import Wanted, run
    except ModuleNotFoundError as missing:
        raise BadUse(f"the sandbox needs {missing.name}; install duo-worker[demo]") from missing
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    wanted = Wanted(folder, **given)
    for old in folder.glob("var/*.db"):
        typer.echo(f"{old} is the ledger of an earlier sandbox, whose tickets are gone: remove it, then migrate anew")
    try:
        run(wanted, clock=wiring.now, stop=stop, tell=typer.echo)
    except OSError as unusable:
        raise BadUse(_unusable(unusable, wanted.folder, wanted.port)) from unusable


def _unusable(error: OSError, folder: Path, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use, maybe by another sandbox; name a free one with --port, or 0 for any"
    return f"the sandbox can't use {error.filename or folder} ({error.strerror}); name a folder that can be written"
