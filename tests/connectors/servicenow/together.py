"""Threads whose writes go together: the first stands at the gate until all others wait behind it."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from connectors.errors import Unavailable

PATIENCE: Final = 10.0  # seconds; nobody may wait for ever


class Door:
    """A gate that is shut until `open`; from then on it is none. Refuses the first `refusals` of those it lets in."""

    def __init__(self, *, refusals: int = 0) -> None:
        self.passed = 0
        self.knocked = threading.Event()
        self._open = threading.Event()
        self._refusals = refusals

    def __call__(self) -> None:
        self.knocked.set()
        assert self._open.wait(PATIENCE), "the door was never opened"
        self.passed += 1
        if self.passed <= self._refusals:
            raise Unavailable("servicenow", "no slot")

    def open(self) -> None:
        self._open.set()


def together(door: Door, waiting: Callable[[], int], works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What came of each work, a value or the exception it raised, each in a thread of its own.

    The first is at the door before the second begins, and the others queue behind it in their order.
    """
    pool = ThreadPoolExecutor(len(works))
    begun: list[Future[Any]] = []
    for place, work in enumerate(works):
        begun.append(pool.submit(work))
        until(partial(_stands, door, waiting, place))
    door.open()
    came = [each.exception(PATIENCE) or each.result() for each in begun]
    pool.shutdown()
    return came


def _stands(door: Door, waiting: Callable[[], int], place: int) -> bool:
    return door.knocked.is_set() if place == 0 else waiting() == place


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("it never came about")
