"""The ticks: poll, reconcile, directory. A tick that meets a bug ends the process; one that meets a fault says so.

APScheduler schedules by the wall clock: set back an hour, it would tick again after an hour. So wall and monotonic
time are watched against each other, and every tick is rescheduled when they part.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from worker.case import Clock

PARTED = timedelta(seconds=30)

log = structlog.get_logger()


@dataclass(frozen=True)
class Tick:
    """`work` every `every`, the first time at once."""

    name: str
    every: timedelta
    work: Callable[[], None]


class Ticks:
    """Runs ticks until stopped; `failure` is the first bug one of them met."""

    def __init__(self, ticks: tuple[Tick, ...], clock: Clock, wake: threading.Event) -> None:
        self._ticks = ticks
        self._clock = clock
        self._wake = wake
        self._apart = self._gap()
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_listener(self._on_error, EVENT_JOB_ERROR)
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Begin; every tick comes at once."""
        for tick in self._ticks:
            self._scheduler.add_job(
                tick.work,
                IntervalTrigger(seconds=tick.every.total_seconds(), timezone=UTC),
                id=tick.name,
                next_run_time=self._clock(),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """No tick begins any more; those under way are not waited for."""
        self._scheduler.shutdown(wait=False)

    def watch_clock(self) -> bool:
        """Called every two seconds or so: where the wall clock jumped, let every tick come at once; whether it did."""
        gap = self._gap()
        if abs(gap - self._apart) < PARTED.total_seconds():
            return False
        log.warning("clock_jumped", seconds=round(gap - self._apart))
        self._apart = gap
        self.all_now()
        return True

    def all_now(self) -> None:
        """Every tick comes at once."""
        for tick in self._ticks:
            self.now(tick.name)

    def now(self, name: str) -> None:
        """This one comes at once, and then after its time again. Not while it is at work: that would be passed over."""
        self._scheduler.modify_job(name, next_run_time=self._clock())

    def _gap(self) -> float:
        return self._clock().timestamp() - time.monotonic()

    def _on_error(self, event: JobExecutionEvent) -> None:
        if self.failure is None:
            self.failure = event.exception
        self._wake.set()
