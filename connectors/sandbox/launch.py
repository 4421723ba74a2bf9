"""The sandbox on its own: the stand-ins, a worker's configuration for them, and their control, until told to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.sandbox import control
from connectors.sandbox.people import KINDS
from connectors.sandbox.port import Port
from connectors.sandbox.worker_config import TicketSystem
from connectors.sandbox.world import Sandbox


@dataclass(frozen=True)
class Wanted:
    """What to start. `folder` gets config.toml and all that it names; `port` is the control's, 0 a free one.

    People file with `tickets`.
    """

    folder: Path
    seed: int = 1
    count: int = 2 * len(KINDS)
    latency: timedelta = timedelta()
    port: int = 0
    tickets: TicketSystem = "servicenow"


def run(wanted: Wanted, *, clock: Callable[[], datetime], stop: threading.Event, tell: Callable[[str], None]) -> None:
    """Start all of it, `tell` where it is, line by line, and serve until `stop` is set. OSError: the port is in use."""
    Port(wanted.port).release()  # before anything in `folder` changes: it may be that of a sandbox that runs
    wanted.folder.mkdir(parents=True, exist_ok=True)
    started = Sandbox.start(
        clock=clock,
        seed=wanted.seed,
        count=wanted.count,
        latency=wanted.latency,
        folder=wanted.folder,
        tickets=wanted.tickets,
    )
    with started as sandbox:
        # first, as whoever gets an answer from the control may use it
        config = sandbox.config(wanted.folder, tickets=wanted.tickets)
        with control.serve(sandbox, clock, wanted.port) as server:
            for line in _where(sandbox, config, server.url):
                tell(line)
            stop.wait()


def _where(sandbox: Sandbox, config: Path, control_url: str) -> tuple[str, ...]:
    ports = sandbox.ports
    return (
        f"ServiceNow       https://localhost:{ports['servicenow']}",
        f"TeamDynamix      https://localhost:{ports['teamdynamix']}/TDWebApi",
        f"Duo              https://localhost:{ports['duo']}",
        f"Password Pusher  https://localhost:{ports['password_pusher']}",
        f"Mail             localhost:{ports['mail']}",
        f"Control          {control_url}  (GET / lists what people can be made to do)",
        f"Configuration    {config}",
    )
