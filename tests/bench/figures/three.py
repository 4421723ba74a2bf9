"""The same backlog by one worker and by three that share a ledger on PostgreSQL, each a process of its own."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tests.bench.figure import Figure
from tests.bench.figures.speed import LATENCY
from tests.bench.place import Place, place
from tests.postgres import databases
from worker import wiring
from worker.brakes import pause, resume

MANY: Final = 240
CONCURRENCY: Final = 4
"""Requests at a time and worker: few, so that waiting is what is shared, and not the two cores of one machine."""
TOP: Final = Path(__file__).parents[3]
LOOK: Final = 0.05
TOO_LONG: Final = 300.0


def measure() -> Iterator[Figure]:
    """From the moment when all are due and every worker runs, to the last delivery."""
    one, three = _took(1), _took(3)
    yield Figure(f"{MANY} requests by one worker: wall", one, "s")
    yield Figure(f"{MANY} requests by three workers: wall", three, "s")
    yield Figure("three workers ÷ one", one / three, "×", 2.5, "at least")


def _took(workers: int) -> float:
    with databases() as found:
        keys = {"state": found.make(), "dispatch": "procrastinate", "poll_every": "1s", "concurrency": CONCURRENCY}
        with place({"worker": keys}) as here:
            pause(here.shop.ledger, wiring.now(), everything=True, why="not begun yet")
            here.far.ask("file", "key.bypass_code", MANY)
            here.poll()
            here.far.ask("latency", LATENCY)
            with _working(here, workers):
                began = time.perf_counter()
                resume(here.shop.ledger, wiring.now())
                _until_delivered(here, began)
                return time.perf_counter() - began


@contextmanager
def _working(here: Place, workers: int) -> Iterator[None]:
    """So many of `duo-worker run`, all of them started."""
    words = [sys.executable, "-m", "worker", "--config", str(here.folder / "config.toml"), "run"]
    with ExitStack() as closing:
        for _ in range(workers):
            process = closing.enter_context(subprocess.Popen(words, cwd=TOP, stderr=subprocess.PIPE, text=True))
            closing.callback(process.terminate)
            said = process.stderr
            if said is None or not any(json.loads(line)["event"] == "started" for line in said):
                raise AssertionError("a worker doesn't start")
            threading.Thread(target=said.read, daemon=True).start()
        yield


def _until_delivered(here: Place, began: float) -> None:
    while here.delivered() < MANY:
        if time.perf_counter() > began + TOO_LONG:
            raise AssertionError(f"{here.delivered()} of {MANY} were delivered in {TOO_LONG} s")
        threading.Event().wait(LOOK)
