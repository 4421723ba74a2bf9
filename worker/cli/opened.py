"""What most commands begin with: the configuration, and the tools built from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from worker import wiring
from worker.dispatch.local import only_one
from worker.ledger.database import sqlite_file
from worker.ledger.leases import release_all
from worker.shop import Shop


def opened(file: Path | None, *, owner: str, since: datetime | None = None) -> Shop:
    """The tools of a command that looks, or acts on single requests beside a running worker."""
    settings = wiring.settings(file)
    ledger = wiring.ledger(settings)
    return wiring.shop(settings, ledger, owner=owner, since=since)


@contextmanager
def acting(file: Path | None, *, since: datetime | None = None) -> Iterator[Shop]:
    """The tools of a process that acts: on SQLite the only one, so what an earlier one held when it died is free again.

    On PostgreSQL others may act as well; what a dead one held is free when its lease has ended.
    """
    settings = wiring.settings(file)
    ledger = wiring.ledger(settings)
    alone = sqlite_file(settings.worker.state)
    with only_one(alone):
        freed = release_all(ledger, "worker:") if alone else 0
        if freed:
            structlog.get_logger().info("leases_freed", requests=freed)
        yield wiring.shop(settings, ledger, owner="worker", since=since)
