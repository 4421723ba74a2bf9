"""Everything that commands and the service work with, as `wiring` built it from one configuration."""

import threading
from dataclasses import dataclass

from worker.directory_kept import KeptDirectory
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
