"""A worker in this process on a sandbox in another, for one figure."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.bench.district import Far, district
from tests.rig import System
from worker import wiring
from worker.ledger import marks
from worker.ledger.migrate import migrate
from worker.ledger.schema import requests
from worker.once import refresh_directory, work_off
from worker.poll import poll
from worker.shop import Shop
from worker.steps.fingerprint import PROBE

NO_CHANGES: Mapping[str, Mapping[str, Any]] = {}


@dataclass(frozen=True)
class Place:
    """`far` is the sandbox."""

    far: Far
    shop: Shop
    folder: Path

    def poll(self) -> int:
        """Once; how many tickets were news."""
        return poll(self.shop.polling, wiring.now())

    def work_off(self) -> "Spent":
        """Whatever is due; what that took."""
        began = Spent(time.perf_counter(), time.process_time())
        work_off(self.shop)
        return Spent(time.perf_counter() - began.wall, time.process_time() - began.cpu)

    def delivered(self) -> int:
        """How many requests are."""
        with self.shop.ledger.reading() as connection:
            asked = select(func.count()).where(requests.c.delivered_at.is_not(None))
            return int(connection.execute(asked).scalar_one())


@dataclass(frozen=True)
class Spent:
    """Seconds, and seconds of this process's CPU."""

    wall: float
    cpu: float


@contextmanager
def place(changes: Mapping[str, Mapping[str, Any]] = NO_CHANGES, *, system: System = "servicenow") -> Iterator[Place]:
    """An empty ledger, groups read; caps an hour don't stand in the way unless `changes` say so."""
    plenty = {"policy": {"codes_per_hour": 100_000, "phones_per_hour": 100_000}}
    tables = {name: {**plenty.get(name, {}), **changes.get(name, {})} for name in {**plenty, **changes}}
    with tempfile.TemporaryDirectory(prefix="duo-worker-bench-") as name, district(Path(name), tables, system) as far:
        folder = Path(name)
        settings = wiring.settings(folder / "config.toml", {})
        migrate(settings.worker.state, wiring.keys(settings), wiring.now())
        ledger = wiring.ledger(settings)
        with ledger.writing() as connection:
            marks.put(connection, PROBE, {}, wiring.now())
        shop = wiring.shop(settings, ledger)
        refresh_directory(shop)
        yield Place(far, shop, folder)
        ledger.engine.dispose()
