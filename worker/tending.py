"""The ticks' work: a fault of an outside system is said and left for the next tick; it never ends the process."""

from collections.abc import Callable

import structlog

from connectors.errors import ConnectorError, Misconfigured
from worker.brakes import pause_system, paused
from worker.gates import obey
from worker.ledger.database import LedgerError
from worker.poll import PollStopped
from worker.worker import Worker

log = structlog.get_logger()


def tended(name: str, work: Callable[[], object], worker: Worker) -> Callable[[], None]:
    """`work` as a tick: skipped while everything is paused, its faults logged; `Misconfigured` pauses the system."""

    def outside() -> None:
        try:
            if (brake := paused(worker.ledger)) is None or not brake.all:
                work()
        except PollStopped as stopped:
            log.error("tick_stopped", tick=name, why=str(stopped))
        except Misconfigured as wrong:
            pause_system(worker.ledger, wrong.system, worker.clock(), wrong.detail, seen=worker.renewals)
        except ConnectorError as failed:
            log.warning("tick_failed", tick=name, why=str(failed))
            obey(worker.ledger, failed)

    def tick() -> None:
        try:
            outside()
        except LedgerError as unusable:  # of the work, or of what is written about its fault
            log.error("ledger_unusable", tick=name, why=str(unusable))

    return tick
