"""`duo-worker run` as a process of its own, killed where it doesn't end."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.worker.cli.installed import Installation

TOP: Final = Path(__file__).parents[3]
PATIENCE: Final = 60


@contextmanager
def serving(installation: Installation, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """The service; what it says is on its `stderr`."""
    words = [sys.executable, "-m", "worker", "--config", str(installation.config), *options, "run"]
    with subprocess.Popen(words, cwd=TOP, stderr=subprocess.PIPE, text=True) as service:
        patience = threading.Timer(PATIENCE, service.kill)
        patience.start()
        try:
            yield service
        finally:
            patience.cancel()
            service.kill()
