"""`demo`: the worker on the sandbox, with a realistic mix of requests; nothing outside this machine is touched."""

import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console

from worker import wiring
from worker.cli.ending import BadUse, finish
from worker.cli.played import SYSTEM, System
from worker.cli.shown import print_json
from worker.ledger.migrate import migrate

HURRIED: dict[str, dict[str, Any]] = {
    "worker": {"start_from": "2020-01-01T00:00:00Z", "concurrency": 8},
    "follow_up": {"check_after": ["1s"]},
    "servicenow": {"calls_per_minute": 3000},
    "teamdynamix": {"calls_per_minute": 3000},
    "duo": {"calls_per_minute": 3000},
    "password_pusher": {"calls_per_minute": 3000},
    "mail": {"messages_per_minute": 3000},
}
"""The sandbox's own limits, not those of real systems: a minute has to be enough."""


PEOPLE = 60


def command(
    tickets: Annotated[System, SYSTEM] = System.SERVICENOW,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value at the end.")] = False,
) -> None:
    """File a realistic mix of requests with the sandbox, serve them, play the people; no configuration needed."""
    finish(lambda: _demo(tickets, as_json=as_json))


def _demo(tickets: System, *, as_json: bool) -> None:
    try:
        from connectors.sandbox.world import Sandbox
    except ModuleNotFoundError as missing:
        raise BadUse(f"the demonstration needs {missing.name}; install duo-worker[demo]") from missing
    from worker.demo.clock import Ahead
    from worker.demo.screen import Screen
    from worker.demo.show import Show

    with _quiet_log(), tempfile.TemporaryDirectory(prefix="duo-worker-demo-") as name:
        folder = Path(name)
        clock = Ahead(wiring.now)
        with Sandbox.start(clock=clock, folder=folder, count=PEOPLE) as sandbox:
            sandbox.teamdynamix.switch(limited=False)
            settings = wiring.settings(sandbox.config(folder, HURRIED, tickets=tickets.value), {})
            migrate(settings.worker.state, wiring.keys(settings), clock())
            shop = wiring.shop(settings, wiring.ledger(settings), clock=clock)
            show = Show(sandbox, shop, Screen(_console(), quiet=as_json), clock, time.monotonic)
            seconds = show.run()
            if as_json:
                print_json({"seconds": round(seconds, 1), "requests": show.outcomes()})
            shop.ledger.engine.dispose()


@contextmanager
def _quiet_log() -> Iterator[None]:
    """No log between the lines of the table; a bug is told as ever."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def _console() -> Console:
    """As wide as the terminal; wide enough for the table where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=180)
