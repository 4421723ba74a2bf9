"""Any number of workers on any number of machines: what is due is handed out by procrastinate, on the same PostgreSQL.

The queue guarantees nothing: a job is a hint that a request is due, and the request's lease is what one worker gets. A
job that is lost is handed out again, as the request is still due; one that comes twice finds nothing to do.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import psycopg
import structlog
from procrastinate.exceptions import ConnectorException

from connectors.errors import ConnectorError
from worker.brakes import pause_in
from worker.dispatch.local import bug_in
from worker.dispatch.queue import LOOKED_AT, Queue
from worker.ledger import history, requests
from worker.worker import Worker

log = structlog.get_logger()


class Procrastinate:
    """As `Local`; `sweep` hands out while `is_my_turn`, and brings the queue back when the database is back."""

    def __init__(
        self,
        worker: Worker,
        advance: Callable[[Worker, int], bool],
        *,
        concurrency: int,
        is_my_turn: Callable[[], bool],
    ) -> None:
        self._worker = worker
        self._advance = advance
        self._concurrency = concurrency
        self._is_my_turn = is_my_turn
        self._threads = ThreadPoolExecutor(concurrency + 1, thread_name_prefix="advance")  # one is the queue's own
        self._queue = Queue(worker.ledger, self._act)
        self._serving: Future[None] | None = None
        self._reading = threading.Lock()
        self.wake = threading.Event()
        self.failure: BaseException | None = None

    def sweep(self) -> int:
        """Hand out what is due and not handed out yet; how much is.

        Raises:
            LedgerError: The ledger can't be used now.
        """
        if self._serving is None or self._serving.done():
            self._serve_again()
        return self._queue.hand_out(self._worker) if self._is_my_turn() else 0

    def drain(self, within: timedelta) -> bool:
        """Wait for what is under way; False where some of it didn't end in time. What is handed out stays so."""
        self._queue.stop()
        left = wait([self._serving] if self._serving else [], timeout=within.total_seconds()).not_done
        self._threads.shutdown(wait=not left, cancel_futures=True)
        return not left

    def _serve_again(self) -> None:
        ended = self._serving.exception() if self._serving else None
        if isinstance(ended, ConnectorException | psycopg.Error):
            log.error("queue_unusable", why=" ".join(str(ended.__cause__ or ended).split()))
        elif ended is not None:
            self.failure = ended
            self.wake.set()
        self._serving = self._threads.submit(lambda: asyncio.run(self._queue.serve(self._concurrency)))

    async def _act(self, request_id: int) -> None:
        """One job: in a thread, as what it does waits. However it ends, the queue goes on."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        future = self._threads.submit(self._look_and_advance, request_id)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(ended.set))
        await ended.wait()
        if (bug := bug_in(future)) is not None:
            self.failure = bug
            self.wake.set()

    def _look_and_advance(self, request_id: int) -> bool:
        with self._worker.ledger.reading() as connection:
            brake, request = pause_in(connection), history.by_id(connection, request_id)
        if request is None or (brake is not None and brake.all):
            return False
        if self._worker.tickets.is_stale(request.ticket_id):
            self._refresh(request.ticket_id)
        return self._advance(self._worker, request_id)

    def _refresh(self, ticket_id: str) -> None:
        """Read it with those of all that are due: another worker may have polled."""
        due = requests.due(self._worker.ledger, self._worker.clock(), limit=LOOKED_AT)
        others = [each.ticket_id for each in due if each.ticket_id != ticket_id]
        try:
            with self._reading:
                self._worker.tickets.refresh([ticket_id, *others])
        except ConnectorError as failed:
            log.warning("tickets_not_refreshed", why=str(failed))
