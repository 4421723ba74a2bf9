"""`duo-worker run` as processes that are started, killed and started again."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from tests.kill.process import run

TOO_LONG: Final = 120.0


def first_of(pids: Sequence[int]) -> int:
    """Of one there is no choice."""
    return pids[0]


class Service:
    """`size` workers at a time, on one ledger; `busy` is for how many milliseconds each waits for a locked one.

    `choose` is asked which of those that run is to be killed.
    """

    def __init__(
        self,
        config: Path,
        clock: Path,
        log: Path,
        *,
        busy: int,
        size: int = 1,
        choose: Callable[[Sequence[int]], int] = first_of,
    ) -> None:
        self.log = log
        self._choose = choose
        known = {name: value for name, value in os.environ.items() if name.startswith("PG")}  # the server may have none
        self._arguments = (str(config), str(clock), str(log), busy, known)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.kill.process"])
        self._processes: list[ForkServerProcess | None] = [None] * size

    def start(self) -> None:
        """Those that don't run."""
        for place, process in enumerate(self._processes):
            if process is None or process.exitcode is not None:
                self._reap(place)
                new = self._context.Process(target=run, args=self._arguments)
                new.start()
                self._processes[place] = new

    @property
    def pid(self) -> int:
        """The first one's; raises AssertionError where none runs."""
        assert self.pids, "none runs"
        return self.pids[0]

    @property
    def pids(self) -> list[int]:
        """Of those that run."""
        running = [each for each in self._processes if each is not None and each.exitcode is None]
        return [each.pid for each in running if each.pid is not None]

    def kill(self) -> None:
        """One of them, at once."""
        if pids := self.pids:
            os.kill(self._choose(pids), signal.SIGKILL)

    def kill_all(self) -> None:
        """All of them, at once."""
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)

    def ended(self) -> int | None:
        """How one ended that did; None while all run."""
        codes = [process.exitcode for process in self._processes if process is not None]
        return next((code for code in codes if code is not None), None)

    def stop(self) -> int:
        """Ask all to end; how they did: the first code that isn't 0, if any."""
        for process in self._processes:
            if process is not None:
                process.terminate()
        codes = [self._reap(place) for place in range(len(self._processes))]
        return next((code for code in codes if code), 0)

    def _reap(self, place: int) -> int:
        process, self._processes[place] = self._processes[place], None
        if process is None:
            return 0
        process.join(TOO_LONG)
        code = process.exitcode
        if code is None:
            process.kill()
            process.join()
        process.close()
        return -1 if code is None else code
