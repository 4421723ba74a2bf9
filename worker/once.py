"""One full pass: poll, decide, act, tell, what is due; returns when nothing is due now."""

from datetime import timedelta

from connectors.errors import Misconfigured
from worker.advance import advance
from worker.brakes import SYSTEMS, pause_system, paused, paused_system
from worker.dispatch.local import Local
from worker.log_watch import watch_log
from worker.poll import poll
from worker.reconcile import reconcile_if_due, take_in
from worker.shop import Shop
from worker.tending import tended

DIRECTORY_EVERY = timedelta(minutes=15)


def once(shop: Shop) -> list[str]:
    """Do it; the systems that had to be paused, a sentence each (exit 3).

    Raises:
        ConnectorError, PollStopped: The ticket system or the directory couldn't be read; `Misconfigured` has paused
            the system, so that the next pass doesn't try again.
    """
    brake = paused(shop.ledger)
    if brake is not None and brake.all:
        return [f"everything is paused: {brake.why}"]
    try:
        refresh_directory(shop)
        poll(shop.polling, shop.worker.clock())
        take_in(shop)
    except Misconfigured as wrong:
        pause_system(shop.ledger, wrong.system, shop.worker.clock(), wrong.detail, seen=shop.worker.renewals)
        raise
    tended("log", lambda: watch_log(shop.worker), shop.worker)()
    reconcile_if_due(shop)
    work_off(shop)
    return [f"{name} is paused: {why}" for name in SYSTEMS if (why := paused_system(shop.ledger, name))]


def refresh_directory(shop: Shop) -> None:
    """Read who is in which group, unless that was done lately.

    Raises:
        ConnectorError: It couldn't be read.
    """
    if shop.directory.age() >= DIRECTORY_EVERY:
        shop.directory.refresh()


def work_off(shop: Shop) -> None:
    """Advance what is due until nothing is."""
    local = Local(shop.worker, advance, concurrency=shop.settings.worker.concurrency)
    while local.sweep():
        local.wake.wait(1)
        local.wake.clear()
        if local.failure is not None:
            break
    local.drain(shop.settings.worker.stop_within)
    if local.failure is not None:
        raise local.failure
