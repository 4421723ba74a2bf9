"""`python -m connectors.sandbox FOLDER`: the sandbox in a terminal. Ends with Ctrl-C."""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.sandbox.launch import Wanted, run
from connectors.sandbox.people import KINDS


def main(arguments: list[str]) -> None:
    """Parse the arguments and run until a signal says to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(_wanted(arguments), clock=_now, stop=stop, tell=_tell)


def _wanted(arguments: list[str]) -> Wanted:
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox", description="Stand-ins to try the worker on.")
    parser.add_argument("folder", type=Path, help="gets config.toml and all that it names")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people and keys (1)")
    parser.add_argument(
        "--people", type=int, default=2 * len(KINDS), help="how many, of all kinds in turn (%(default)s)"
    )
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="of every answer, in milliseconds (0)")
    parser.add_argument("--port", type=int, default=0, help="of the control (a free one)")
    parser.add_argument(
        "--tickets", choices=("servicenow", "teamdynamix"), default="servicenow", help="where people file"
    )
    given = parser.parse_args(arguments)
    latency = timedelta(milliseconds=given.latency)
    return Wanted(given.folder, given.seed, given.people, latency, given.port, given.tickets)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the sandbox's one look at the real clock


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
