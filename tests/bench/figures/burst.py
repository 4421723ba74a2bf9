"""10,000 requests filed at once: worked off by `duo-worker once` as a process; none may be lost or doubled."""

import os
import subprocess
import sys
from collections.abc import Iterator
from threading import Event
from typing import Final

from tests.bench.figure import Figure
from tests.bench.figures.waiting import peak
from tests.bench.place import Place, place

MANY: Final = 10_000
OFTEN: Final = 0.5
AS_SET: Final = {"MALLOC_ARENA_MAX": "2"}
"""As the systemd unit and the image set it: glibc's own choice keeps more for threads than they use."""


def measure() -> Iterator[Figure]:
    """The option with the fewest calls, a texted link, at no latency: it is memory and loss that are asked for."""
    with place({"worker": {"concurrency": 16}}) as here:
        here.far.ask("file", "mobile.activation_link", MANY)
        memory = _once(here)
        texts = here.far.ask("texts")
        yield Figure("10,000 at once: peak memory", memory, "MB", 150)
        yield Figure("10,000 at once: lost", MANY - len(texts), "requests", 0)
        yield Figure("10,000 at once: doubled", sum(count > 1 for count in texts.values()), "requests", 0)


def _once(here: Place) -> float:
    """Until it ends; the most memory it had."""
    command = [sys.executable, "-m", "worker", "--config", str(here.folder / "config.toml"), "once"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | AS_SET)
    pause, memory = Event(), 0.0
    while process.poll() is None:
        try:
            memory = max(memory, peak(process.pid))
        except (OSError, StopIteration):  # it has just ended
            break
        pause.wait(OFTEN)
    if (code := process.wait()) != 0:
        raise AssertionError(f"once ended with {code}")
    return memory
