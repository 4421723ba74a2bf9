"""The service: ticks and threads until SIGTERM or SIGINT, then what is under way is brought to an end."""

from datetime import timedelta

import structlog

from worker.advance import advance
from worker.brakes import paused
from worker.dispatch.local import Local
from worker.ledger import requests
from worker.ledger.database import LedgerError
from worker.ledger.forgetting import forget
from worker.log_watch import TICK, watch_log
from worker.once import DIRECTORY_EVERY
from worker.poll import poll
from worker.reconcile import reconcile
from worker.shop import Shop
from worker.tending import tended
from worker.ticks import Tick, Ticks

FORGET_EVERY = timedelta(hours=12)
BEAT = 1.0
"""Seconds between two looks at what is due, when nothing else wakes the loop."""

log = structlog.get_logger()


def serve(shop: Shop) -> bool:
    """Run until `shop.stop` is set, or the shop is out of date; True where what was under way ended in `stop_within`.

    Raises:
        BaseException: The first bug that a tick or a request met; the service manager starts it again.
    """
    local = Local(shop.worker, advance, concurrency=shop.settings.worker.concurrency)
    ticks = Ticks(_ticks(shop, local), shop.worker.clock, local.wake)
    log.info("started", mode=shop.settings.worker.mode, owner=shop.worker.owner)
    ticks.start()
    try:
        while not shop.stop.is_set() and ticks.failure is None and local.failure is None:
            _sweep(shop, local)
            local.wake.wait(BEAT)
            local.wake.clear()
            if ticks.watch_clock():
                _wake(shop)
            if _is_outdated(shop):
                break
    finally:
        ticks.stop()
        drained = _drain(shop, local)
    for failure in (ticks.failure, local.failure):
        if failure is not None:
            raise failure
    log.info("stopped", drained=drained)
    return drained


def _sweep(shop: Shop, local: Local) -> None:
    try:
        brake = paused(shop.ledger)
        if brake is None or not brake.all:
            local.sweep()
    except LedgerError as unusable:
        log.error("ledger_unusable", why=str(unusable))


def _is_outdated(shop: Shop) -> bool:
    try:
        return shop.is_outdated()
    except LedgerError as unusable:
        log.error("ledger_unusable", why=str(unusable))
        return False


def _wake(shop: Shop) -> None:
    try:
        with shop.ledger.writing() as connection:
            requests.wake_after_jump(connection, shop.worker.clock())
    except LedgerError as unusable:
        log.error("ledger_unusable", why=str(unusable))


def _drain(shop: Shop, local: Local) -> bool:
    return local.drain(shop.settings.worker.stop_within)


def _ticks(shop: Shop, local: Local) -> tuple[Tick, ...]:
    worker, polling = shop.worker, shop.polling
    settings = shop.settings.worker

    def look() -> None:
        worker.tables.reload()
        if poll(polling, worker.clock()):
            local.wake.set()

    def look_at_log() -> None:
        if watch_log(worker):
            local.wake.set()

    works = (
        ("directory", DIRECTORY_EVERY, shop.directory.refresh),
        ("poll", settings.poll_every, look),
        ("reconcile", settings.reconcile_every, lambda: reconcile(shop)),
        ("log", TICK, look_at_log),
        ("forget", FORGET_EVERY, lambda: forget(shop.ledger, worker.clock(), settings.keep)),
    )
    return tuple(Tick(name, every, tended(name, work, shop.ledger, worker.clock)) for name, every, work in works)
