"""`run`: the service."""

import signal

import structlog
import typer

from worker import wiring
from worker.brakes import resume_systems
from worker.cli.ending import finish
from worker.cli.opened import acting
from worker.health import health
from worker.hints import Hints
from worker.http import listening
from worker.service import serve
from worker.shop import Shop

log = structlog.get_logger()


def command(context: typer.Context) -> None:
    """The scheduler, until SIGTERM: polls, decides, acts, tells; then brings what is under way to an end."""
    finish(lambda: _run(context))


def _run(context: typer.Context) -> None:
    with acting(context.obj.config) as shop:
        resume_systems(shop.ledger)
        settings, ledger = shop.settings, shop.ledger
        hints = Hints(settings.http.hint_every)
        door = wiring.door(settings)
        with listening(settings.http.listen, lambda: health(ledger, settings, wiring.now()), door, hints):
            while _serve(shop, hints):
                log.info("secrets_read_again")
                shop = anew(shop)  # noqa: PLW2901 - the same installation


def anew(shop: Shop) -> Shop:
    """The tools with secrets as they are now; told to stop meanwhile, they are."""
    return wiring.shop(shop.settings, shop.ledger, stop=shop.stop)


def _serve(shop: Shop, hints: Hints) -> bool:
    """Run; True where it ended because a system was resumed, whose secrets may have been changed meanwhile."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: shop.stop.set())
    signal.signal(signal.SIGHUP, lambda *_: shop.worker.tables.reload())
    serve(shop, hints)
    return not shop.stop.is_set()
