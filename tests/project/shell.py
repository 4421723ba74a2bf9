"""Runs the lines of README's shell blocks in a folder of its own, as far as that can be done in a test.

`duo-worker` is run in this process, with `&` as one of its own; `make` is asked what it would do: doing it takes
minutes and would run this test again; `curl` is played; anything else goes to a shell.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.project.readme import TOP
from tests.worker.cli.installed import run


class Shell:
    """A folder with the files that a fresh clone has, as far as the blocks name them."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.said = ""
        self._patch = patch
        self._service: subprocess.Popen[str] | None = None
        shutil.copy(TOP / "config.example.toml", folder)
        shutil.copytree(TOP / "rules", folder / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        patch.chdir(folder)
        patch.delenv("DUO_WORKER_CONFIG", raising=False)

    def run(self, block: str) -> None:
        """Every line of a block; each must end well. `said` is what they printed."""
        for line in block.splitlines():
            match shlex.split(line, comments=True):
                case ["duo-worker", *words, "&"]:
                    self._start(words)
                case ["duo-worker", *words]:
                    self._duo_worker(words)
                case ["curl", *words]:
                    self.said += curl(words)
                case ["make", *words]:
                    subprocess.run(["make", "--dry-run", *words], cwd=TOP, capture_output=True, check=True)
                case ["export", *settings]:
                    self._export(settings)
                case _:
                    subprocess.run(["bash", "-c", line], cwd=self.folder, check=True)

    def stop(self) -> None:
        """End what was started with `&`; it must end well."""
        if self._service is not None:
            self._service.send_signal(signal.SIGTERM)
            with self._service as ending:
                assert ending.wait(timeout=20) == 0

    def _duo_worker(self, words: list[str]) -> None:
        ended = run(None, *words)
        assert ended.code == 0, f"duo-worker {shlex.join(words)}: {ended.err}{ended.out}"
        self.said += ended.out

    def _start(self, words: list[str]) -> None:
        """It isn't waited for: that is the block's business."""
        command = [sys.executable, "-m", "worker", *words]
        environ = {**os.environ, "PYTHONPATH": str(TOP)}
        self._service = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, text=True, env=environ)

    def _export(self, settings: list[str]) -> None:
        for name, value in (each.split("=", 1) for each in settings):
            if name != "PATH":
                self._patch.setenv(name, value)


@contextmanager
def shell(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """What was started in it is stopped at the end."""
    opened = Shell(folder, patch)
    try:
        yield opened
    finally:
        opened.stop()


def curl(words: list[str]) -> str:
    """The answer to `curl [--data TEXT] URL`; what waits for an answer prints none."""
    match words:
        case ["--silent", "--retry", times, "--retry-connrefused", "--retry-delay", "1", "--output", "/dev/null", url]:
            return wait_for(url, int(times))
        case ["--data", text, url]:
            asked = Request(url, data=text.encode(), method="POST")  # noqa: S310 - README's own address on loopback
        case [url]:
            asked = Request(url)  # noqa: S310 - as above
        case _:
            raise AssertionError(f"curl {words} isn't played here")
    with urlopen(asked) as answer:  # noqa: S310 - as above
        return str(answer.read().decode())


def wait_for(url: str, times: int) -> str:
    """As `curl --retry-connrefused` does."""
    pause = threading.Event()
    for _ in range(times):
        with suppress(URLError), urlopen(url):  # noqa: S310 - as above
            return ""
        pause.wait(1)
    raise AssertionError(f"{url} didn't come up")
