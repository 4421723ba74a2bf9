"""`run`: the service."""

import signal

import typer

from worker import wiring
from worker.brakes import resume_systems
from worker.cli.ending import finish
from worker.cli.opened import acting
from worker.health import health
from worker.http import listening
from worker.service import serve
from worker.shop import Shop


def command(context: typer.Context) -> None:
    """The scheduler, until SIGTERM: polls, decides, acts, tells; then brings what is under way to an end."""
    finish(lambda: _run(context))


def _run(context: typer.Context) -> None:
    with acting(context.obj.config) as shop:
        resume_systems(shop.ledger)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _stop(shop))
        signal.signal(signal.SIGHUP, lambda *_: shop.worker.tables.reload())
        with listening(shop.settings.http.listen, lambda: health(shop.ledger, shop.settings, wiring.now())):
            serve(shop)


def _stop(shop: Shop) -> None:
    shop.stop.set()
