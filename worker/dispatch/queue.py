"""The queue of procrastinate in the ledger's own database: handing out what is due, and serving what was handed out."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from sqlalchemy import text

from worker.ledger import requests
from worker.ledger.database import POSTGRESQL, Ledger, LedgerError
from worker.worker import Worker

QUEUE = "requests"
UPKEEP = "upkeep"
TASK = "advance"
LOOKED_AT = 200
"""Requests handed out ahead at most: more than all workers do in a beat, few enough for urgent ones to pass soon."""
FETCH_EVERY = 1.0
KEPT_HOURS = 24
UPKEEP_CRON = ("* * * * *", "7 * * * *")
WAITING = text("SELECT queueing_lock FROM procrastinate_jobs WHERE queue_name = :queue AND status = 'todo'")

log = structlog.get_logger()


class Queue:
    """`act` is what a job does, for a request's id. `hand_out` and `stop` may be called from any thread."""

    def __init__(self, ledger: Ledger, act: Callable[[int], Awaitable[None]]) -> None:
        self._ledger = ledger
        self._act = act
        self._stopping = threading.Event()
        self._cancel: Callable[[], object] | None = None
        self._handing = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())  # on the ledger's connection

    def hand_out(self, worker: Worker) -> int:
        """Make jobs of what is due and isn't one yet; how many requests wait as jobs then.

        Raises:
            LedgerError: The ledger can't be used now.
        """
        due = requests.due(self._ledger, worker.clock(), limit=2 * LOOKED_AT)
        with suppress(AlreadyEnqueued), self._ledger.writing() as connection:
            waiting = set(connection.execute(WAITING, {"queue": QUEUE}).scalars())
            new = [each.id for each in due if _lock(each.id) not in waiting][: max(0, LOOKED_AT - len(waiting))]
            raw = connection.connection.driver_connection
            for request_id in new:
                self._defer(request_id, raw)
            return len(waiting) + len(new)
        return len(due)

    async def serve(self, concurrency: int) -> None:
        """Do jobs until stopped.

        Raises:
            ConnectorException, psycopg.Error: The database can't be used; whoever is under way is waited for.
        """
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None:
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        app = self._app()
        with suppress(asyncio.CancelledError):
            if self._stopping.is_set():
                return
            async with app.open_async():
                await app.run_worker_async(
                    queues=[QUEUE, UPKEEP],
                    concurrency=concurrency,
                    fetch_job_polling_interval=FETCH_EVERY,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )

    def stop(self) -> None:
        """Begin no job any more; `serve` returns when those under way have ended."""
        self._stopping.set()
        if self._cancel is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._cancel()

    def _defer(self, request_id: int, connection: object) -> None:
        try:
            self._handing.configure_task(
                TASK, queue=QUEUE, queueing_lock=_lock(request_id), connection=connection
            ).defer(request_id=request_id)
        except AlreadyEnqueued:
            raise
        except ConnectorException as failed:
            raise LedgerError(f"the queue in the ledger's database can't be used: {failed.__cause__}") from failed

    def _app(self) -> procrastinate.App:
        conninfo = self._ledger.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = procrastinate.PsycopgConnector(
            conninfo=conninfo, kwargs=POSTGRESQL, min_size=1, max_size=4, timeout=POSTGRESQL["connect_timeout"]
        )
        app = procrastinate.App(connector=connector)
        app.task(name=TASK, queue=QUEUE)(self._job)
        self._keep_up(app)
        return app

    async def _job(self, request_id: int) -> None:
        await self._act(request_id)

    def _keep_up(self, app: procrastinate.App) -> None:
        """What a worker that died was doing is dropped, as the request is due by itself; so are old jobs."""

        async def drop_stalled(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says when
            for job in await app.job_manager.get_stalled_jobs():
                log.warning("stalled_job_dropped", job=job.id, task=job.task_name)
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)

        async def drop_old(timestamp: int) -> None:  # noqa: ARG001
            await app.job_manager.delete_old_jobs(
                nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )

        for work, cron in zip((drop_stalled, drop_old), UPKEEP_CRON, strict=True):
            app.periodic(cron=cron)(app.task(name=work.__name__, queue=UPKEEP, queueing_lock=work.__name__)(work))


def _lock(request_id: int) -> str:
    """No two jobs that wait have the same."""
    return f"request {request_id}"
