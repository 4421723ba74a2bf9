"""Several workers on one ledger on PostgreSQL, each with its own tools as on a machine of its own, in one process."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from tests.rig import Filed
from tests.worker.cli.installed import Installation, installed
from worker import wiring
from worker.ledger import requests
from worker.ledger.database import Ledger
from worker.ledger.migrate import open_ledger
from worker.service import serve
from worker.shop import Shop

PATIENCE = 30.0


@dataclass
class Fleet:
    """`ledger` is the test's own look at what they share."""

    installation: Installation
    ledger: Ledger
    shops: list[Shop] = field(default_factory=list)
    ends: list[Future[bool]] = field(default_factory=list)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8))
    _pause: threading.Event = field(default_factory=threading.Event)

    def join(self, url: str = "") -> Shop:
        """One more worker; it finds the database at `url`, if that is another place than for the others."""
        settings = wiring.settings(self.installation.config, {"DUO_WORKER_WORKER__STATE": url} if url else {})
        ledger = open_ledger(settings.worker.state, wiring.keys(settings))
        self.shops.append(wiring.shop(settings, ledger))
        self.ends.append(self._threads.submit(serve, self.shops[-1]))
        return self.shops[-1]

    def leave(self, place: int) -> bool:
        """One of them is told to end; whether it drained."""
        self.shops[place].stop.set()
        return self.ends[place].result(PATIENCE)

    def until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait while they work; a worker that ends by itself fails the test."""
        for _ in range(round(patience / 0.05)):
            if holds():
                return
            for shop, end in zip(self.shops, self.ends, strict=True):
                assert shop.stop.is_set() or not end.done() or end.result() is None, "a worker has ended"
            self._pause.wait(0.05)
        raise AssertionError(f"not within {patience} s: {self.states()}")

    def _close(self, engine: Engine) -> None:
        """Once the last tick has ended, which a service that stops doesn't wait for."""
        pool = engine.pool
        assert isinstance(pool, QueuePool)
        for _ in range(200):
            if not pool.checkedout():
                break
            self._pause.wait(0.05)
        engine.dispose()

    def states(self) -> list[str]:
        with self.ledger.reading() as connection:
            return [str(row[0]) for row in connection.exec_driver_sql("SELECT state FROM requests ORDER BY id")]

    def owners(self) -> list[str]:
        """Who has the turn; nobody: empty."""
        with self.ledger.reading() as connection:
            return [str(row[0]) for row in connection.exec_driver_sql("SELECT owner FROM leases")]

    def texts(self) -> int:
        """Activation texts that went out."""
        return len([text for text in self.installation.sandbox.duo.texts if text.kind == "activation"])

    def are(self, filed: Sequence[Filed], state: str) -> bool:
        with self.ledger.reading() as connection:
            found = [requests.by_ticket(connection, "servicenow", each.task.sys_id) for each in filed]
        return all(each is not None and each.state == state for each in found)


@contextmanager
def fleet(folder: Path, url: str, **worker: Any) -> Iterator[Fleet]:
    """A sandbox, a ledger on PostgreSQL, and no worker yet; `worker` are keys of its table."""
    keys = {"state": url, "dispatch": "procrastinate", "poll_every": "1s", "lease": "7s", **worker}
    soon = {name: {"timeout": "1s"} for name in ("servicenow", "duo", "password_pusher", "mail")}
    with ExitStack() as closing:
        installation = closing.enter_context(installed(folder, {"worker": keys, **soon}))
        ledger = closing.enter_context(installation.ledger())
        made = Fleet(installation, ledger)
        try:
            yield made
        finally:
            for shop in made.shops:
                shop.stop.set()
            made._threads.shutdown()
            for shop in made.shops:
                made._close(shop.ledger.engine)
