"""20,000 requests that wait: what a minute of waiting costs, what is held in memory, how long a start takes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Final

from tests.bench.figure import Figure
from tests.bench.place import Place, place
from tests.bench.rows import let_wait

MANY: Final = 20_000
IDLE: Final = 60.0
SOON: Final = 0.01
TOO_LONG: Final = 60.0


def measure() -> Iterator[Figure]:
    """`duo-worker run` as a process, polling every 15 s; each of the tickets is there."""
    with place({"worker": {"poll_every": "15s", "reconcile_every": "15m"}}) as here:
        here.far.ask("file", "key.bypass_code", 1)
        here.poll()
        here.work_off()
        here.far.ask("file", "key.bypass_code", MANY)
        here.poll()
        here.far.ask("age")
        here.far.ask("file", "key.bypass_code", 1)
        here.poll()
        let_wait(here.shop.ledger, due_in=timedelta(hours=1))
        here.far.ask("forget")
        began = time.perf_counter()
        process = _start(here)
        try:
            yield Figure("20,000 waiting: start → first poll", _first_call(here, began), "s", 2)
            yield from _idle(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _start(here: Place) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "worker", "--config", str(here.folder / "config.toml"), "run"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _first_call(here: Place, began: float) -> float:
    pause = Event()
    while not here.far.ask("polled"):
        if time.perf_counter() > began + TOO_LONG:
            raise AssertionError("it never polled")
        pause.wait(SOON)
    return time.perf_counter() - began


def _idle(pid: int) -> Iterator[Figure]:
    pause = Event()
    pause.wait(10)  # what a start does is over
    before = _cpu(pid)
    pause.wait(IDLE)
    yield Figure("20,000 waiting: CPU per idle minute", _cpu(pid) - before, "s", 0.3)
    yield Figure("20,000 waiting: peak memory", peak(pid), "MB", 150)


def _cpu(pid: int) -> float:
    """Seconds so far, user's and system's."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """The most memory that a process had so far, in MB (2**20)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 2**20
