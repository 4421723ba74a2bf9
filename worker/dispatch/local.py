"""Threads of one process advance what is due. A lock beside an SQLite ledger keeps a second acting process out."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import structlog

from connectors.errors import ConnectorError
from worker.ledger import requests
from worker.ledger.database import LedgerError
from worker.worker import Worker

LOOKED_AT = 100

log = structlog.get_logger()


class Local:
    """`sweep` hands due requests to threads; `failure` is the first bug one of them met, which must end the process."""

    def __init__(self, worker: Worker, advance: Callable[[Worker, int], bool], *, concurrency: int) -> None:
        self._worker = worker
        self._advance = advance
        self._room = concurrency * 2
        self._few = concurrency + concurrency // 4
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="advance")
        self._under_way: dict[int, Future[bool]] = {}
        self._lock = threading.RLock()  # one that ends at once is told of while it is still being handed over
        self.wake = threading.Event()
        self.failure: BaseException | None = None

    def sweep(self) -> int:
        """Hand over what is due and not under way, as far as there is room; how many are under way then.

        Raises:
            LedgerError: The ledger can't be read now.
        """
        due = requests.due(self._worker.ledger, self._worker.clock(), limit=LOOKED_AT)
        with self._lock:
            new = [each for each in due if each.id not in self._under_way]
            room = self._room - len(self._under_way)
        if new and room > 0:
            self._refresh([each.ticket_id for each in new])
        with self._lock:
            for each in new[: max(0, room)]:
                self._submit(each.id)
            return len(self._under_way)

    def _refresh(self, ticket_ids: list[str]) -> None:
        """Read those that have waited too long many at a time; where that fails, each is read when its turn comes."""
        try:
            self._worker.tickets.refresh(ticket_ids)
        except ConnectorError as failed:
            log.warning("tickets_not_refreshed", why=str(failed))

    def drain(self, within: timedelta) -> bool:
        """Wait for what is under way; False where some of it didn't end in time. Nothing new is begun."""
        with self._lock:
            running = list(self._under_way.values())
        for future in running:
            future.cancel()
        left = wait(running, timeout=within.total_seconds()).not_done
        self._pool.shutdown(wait=not left, cancel_futures=True)
        return not left

    def _submit(self, request_id: int) -> None:
        future = self._pool.submit(self._advance, self._worker, request_id)
        self._under_way[request_id] = future
        future.add_done_callback(lambda done: self._finished(request_id, done))

    def _finished(self, request_id: int, future: Future[bool]) -> None:
        bug = bug_in(future)
        with self._lock:
            self._under_way.pop(request_id, None)
            left = len(self._under_way)
            self.failure = self.failure or bug
        if left <= self._few or self.failure is not None:  # else there is enough to do, and looking costs
            self.wake.set()


def bug_in(future: Future[bool]) -> BaseException | None:
    """What must end the process; that the ledger couldn't be used is only said: the request is due again."""
    problem = None if future.cancelled() else future.exception()
    if isinstance(problem, LedgerError):
        log.error("ledger_unusable", why=str(problem))
        return None
    return problem


@contextmanager
def only_one(ledger_file: Path | None) -> Iterator[None]:
    """Hold the lock of an SQLite ledger while acting on it.

    Raises:
        LedgerError: Another process acts on it.
    """
    if ledger_file is None:
        yield
        return
    with _opened(ledger_file.with_name(f"{ledger_file.name}.lock")) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise LedgerError(f"another duo-worker acts on {ledger_file}; stop that one first") from taken
        yield


def _opened(lock: Path) -> TextIO:
    try:
        return lock.open("a", encoding="utf-8")
    except OSError as closed:
        cure = "give this account write permission on it and its folder"
        raise LedgerError(f"the lock {lock} beside the ledger can't be opened ({closed.strerror}); {cure}") from closed
