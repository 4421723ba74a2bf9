"""The service: ticks and threads until SIGTERM or SIGINT, then what is under way is brought to an end."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar

import structlog

from worker.advance import advance
from worker.brakes import paused
from worker.dispatch.local import Local
from worker.hints import Hints
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
from worker.turns import Turn

POLL = "poll"
DIRECTORY_TICK = timedelta(minutes=1)
"""How often it is asked whether the directory is to be read: what failed, or was skipped, is soon tried again."""
FORGET_EVERY = timedelta(hours=12)
BEAT = 2.0
"""Seconds between two looks at what is due, when nothing else wakes the loop."""

log = structlog.get_logger()
Answer = TypeVar("Answer")


class Dispatch(Protocol):
    """Who advances what is due: threads here, or any number of workers. `failure` is the first bug that was met."""

    wake: threading.Event
    failure: BaseException | None

    def sweep(self) -> int:
        """Hand out what is due; how much of it is under way or waits for its turn."""
        ...

    def drain(self, within: timedelta) -> bool:
        """Wait for what is under way; False where some of it didn't end in time."""
        ...


def serve(shop: Shop, hints: Hints | None = None) -> bool:
    """Run until `shop.stop` is set, or the shop is out of date; True where what was under way ended in `stop_within`.

    `hints` that are taken meanwhile bring the next poll forward.

    Raises:
        BaseException: The first bug that a tick or a request met; the service manager starts it again.
    """
    if shop.stop.is_set():  # the order came while the tools were built
        return True
    hints, turn = hints or Hints(), Turn(shop.ledger, shop.worker.owner)
    dispatch = _dispatch(shop, turn)
    ticks = Ticks(_ticks(shop, dispatch, turn, hints), shop.worker.clock, dispatch.wake)
    log.info("started", mode=shop.settings.worker.mode, owner=shop.worker.owner)
    _with_ledger(turn.keep)
    ticks.start()
    try:
        with hints.followed_by(turn.mine):
            went = True
            while not shop.stop.is_set() and ticks.failure is None and dispatch.failure is None:
                goes = _beat(shop, dispatch, ticks, turn)
                if goes and not went:  # what was skipped under a pause of everything is due
                    ticks.all_now()
                went = goes
                if hints.due():
                    ticks.now(POLL)
                if _with_ledger(shop.is_outdated):
                    break
    finally:
        ticks.stop()
        _with_ledger(turn.let_go)
        drained = dispatch.drain(shop.settings.worker.stop_within)
    for failure in (ticks.failure, dispatch.failure):
        if failure is not None:
            raise failure
    log.info("stopped", drained=drained)
    return drained


def _beat(shop: Shop, dispatch: Dispatch, ticks: Ticks, turn: Turn) -> bool:
    """Hand out what is due, and wait for a beat, or until there is more; False while everything is paused."""
    if _with_ledger(turn.keep):
        ticks.all_now()
    goes = _with_ledger(lambda: _sweep(shop, dispatch))
    dispatch.wake.wait(BEAT)
    dispatch.wake.clear()
    if ticks.watch_clock():
        _with_ledger(lambda: _wake(shop))
    return goes is not False


def _dispatch(shop: Shop, turn: Turn) -> Dispatch:
    concurrency = shop.settings.worker.concurrency
    if shop.settings.worker.dispatch == "local":
        return Local(shop.worker, advance, concurrency=concurrency)
    from worker.dispatch.procrastinate import Procrastinate  # only with the extra that PostgreSQL needs

    return Procrastinate(shop.worker, advance, concurrency=concurrency, is_my_turn=turn.mine)


def _with_ledger(work: Callable[[], Answer]) -> Answer | None:
    """Do it; None where the ledger can't be used now, which is said, and is no reason to end."""
    try:
        return work()
    except LedgerError as unusable:
        log.error("ledger_unusable", why=str(unusable))
        return None


def _sweep(shop: Shop, dispatch: Dispatch) -> bool:
    """False where everything is paused."""
    brake = paused(shop.ledger)
    if brake is not None and brake.all:
        return False
    dispatch.sweep()
    return True


def _wake(shop: Shop) -> None:
    with shop.ledger.writing() as connection:
        requests.wake_after_jump(connection, shop.worker.clock())


def _ticks(shop: Shop, dispatch: Dispatch, turn: Turn, hints: Hints) -> tuple[Tick, ...]:
    """All but the reading of changed tables are one worker's at a time."""
    worker, polling = shop.worker, shop.polling
    settings = shop.settings.worker

    def look() -> None:
        worker.tables.reload()
        with hints.followed():
            if turn.mine() and poll(polling, worker.clock()):
                dispatch.wake.set()

    def look_up() -> None:
        if shop.directory.is_due(DIRECTORY_EVERY):
            shop.directory.refresh()

    def look_at_log() -> None:
        if watch_log(worker):
            dispatch.wake.set()

    works: tuple[tuple[str, timedelta, Callable[[], object]], ...] = (
        ("directory", DIRECTORY_TICK, turn.only(look_up)),
        (POLL, settings.poll_every, look),
        ("reconcile", settings.reconcile_every, turn.only(lambda: reconcile(shop))),
        ("log", TICK, turn.only(look_at_log)),
        ("forget", FORGET_EVERY, turn.only(lambda: forget(shop.ledger, worker.clock(), settings.keep))),
    )
    return tuple(Tick(name, every, tended(name, work, worker)) for name, every, work in works)
