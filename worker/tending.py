"""The ticks' work: a fault of an outside system is said and left for the next tick; it never ends the process."""

from collections.abc import Callable

import structlog

from connectors.errors import ConnectorError, Misconfigured
from worker.brakes import pause_system, paused
from worker.case import Clock
from worker.gates import obey
from worker.ledger.database import Ledger, LedgerError
from worker.poll import PollStopped

log = structlog.get_logger()


def tended(name: str, work: Callable[[], object], ledger: Ledger, clock: Clock) -> Callable[[], None]:
    """`work` as a tick: skipped while everything is paused, its faults logged; `Misconfigured` pauses the system."""

    def outside() -> None:
        try:
            if (brake := paused(ledger)) is None or not brake.all:
                work()
        except PollStopped as stopped:
            log.error("tick_stopped", tick=name, why=str(stopped))
        except Misconfigured as wrong:
            pause_system(ledger, wrong.system, clock(), wrong.detail)
        except ConnectorError as failed:
            log.warning("tick_failed", tick=name, why=str(failed))
            obey(ledger, failed)

    def tick() -> None:
        try:
            outside()
        except LedgerError as unusable:  # of the work, or of what is written about its fault
            log.error("ledger_unusable", tick=name, why=str(unusable))

    return tick
