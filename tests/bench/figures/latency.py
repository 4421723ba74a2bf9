"""From filing to delivery under light load, by the service itself as it polls every 5 s."""

import threading
from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from tests.bench.figure import Figure, middle
from tests.bench.figures.speed import LATENCY
from tests.bench.place import Place, place
from worker.ledger.schema import requests
from worker.service import serve

MANY: Final = 30
BETWEEN: Final = 1.7
"""Seconds, no divisor of the poll's, so that requests come at every point between two polls."""


def measure() -> Iterator[Figure]:
    """A request every 1.7 s."""
    with place({"worker": {"poll_every": "5s"}}) as here:
        here.far.ask("latency", LATENCY)
        serving = threading.Thread(target=serve, args=(here.shop,))
        serving.start()
        pause = threading.Event()
        for _ in range(MANY):
            here.far.ask("file", "key.bypass_code", 1)
            pause.wait(BETWEEN)
        pause.wait(15)
        here.shop.stop.set()
        serving.join()
        took = _took(here)
        if len(took) != MANY:
            raise AssertionError(f"{len(took)} of {MANY} were delivered")
        yield Figure("filed → delivered, median", middle(took), "s", 5)
        yield Figure("filed → delivered, p95", middle(took, 0.95), "s", 9)


def _took(here: Place) -> list[float]:
    """By ServiceNow's stamp, whole seconds, and the ledger's."""
    with here.shop.ledger.reading() as connection:
        rows = connection.execute(
            select(requests.c.filed_at, requests.c.delivered_at).where(requests.c.delivered_at.is_not(None))
        ).all()
    return [(row.delivered_at - row.filed_at).total_seconds() for row in rows]
