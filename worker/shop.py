"""Everything that commands and the service work with, as `wiring` built it from one configuration."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from worker.brakes import RENEWED, SYSTEMS
from worker.directory_kept import KeptDirectory
from worker.ledger import marks
from worker.ledger.database import Ledger
from worker.poll import Polling
from worker.settings import Settings
from worker.worker import Worker


@dataclass(frozen=True)
class Shop:
    """`stop` ends every wait."""

    settings: Settings
    ledger: Ledger
    worker: Worker
    polling: Polling
    directory: KeptDirectory
    stop: threading.Event

    def is_outdated(self) -> bool:
        """Whether a paused system was resumed since: its secrets are to be read again, so the tools built anew."""
        return self.worker.renewals != current(self.ledger)


def current(ledger: Ledger) -> Mapping[str, int]:
    """How often each system was resumed."""
    with ledger.reading() as connection:
        found = marks.starting(connection, RENEWED)
    return {system: int(found.get(RENEWED + system, 0)) for system in SYSTEMS}
