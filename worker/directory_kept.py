"""The directory between its readings: kept in the ledger, sealed, so that every worker on it knows the same."""

import threading
from datetime import UTC, datetime, timedelta

import structlog

from connectors.duo.transport import Admin
from worker.case import Clock
from worker.directory import Directory, from_json, read
from worker.ledger import marks, requests
from worker.ledger.database import Ledger
from worker.ledger.seal import UnusableKey
from worker.tickets.system import Tickets

MARK = "directory"
STALE = "directory-stale"
"""The guard that keeps requests waiting for it."""
LOOKED_UP_EVERY = timedelta(minutes=1)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger()


class KeptDirectory:
    """`refresh` reads it anew, `current` is what was read last. Safe to share between threads."""

    def __init__(
        self,
        ledger: Ledger,
        duo: Admin,
        tickets: Tickets,
        *,
        privileged: tuple[str, ...],
        staff: tuple[str, ...],
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._duo = duo
        self._tickets = tickets
        self._privileged = privileged
        self._staff = staff
        self._clock = clock
        self._lock = threading.Lock()
        self._known = Directory({}, frozenset(), {}, NEVER)
        self._looked_up = NEVER
        self._read_here = False

    def refresh(self) -> None:
        """Read it anew and keep it; who waited for it waits no longer.

        Raises:
            ConnectorError: It couldn't be read; what was kept stays.
        """
        found = self.look()
        with self._ledger.writing() as connection:
            marks.put(connection, MARK, self._ledger.keys.seal(found.to_json()).decode(), found.read_at)
            requests.wake_held_up(connection, STALE, found.read_at)

    def look(self) -> Directory:
        """Read it anew without keeping it in the ledger: for whoever only looks.

        Raises:
            ConnectorError: It couldn't be read.
        """
        now = self._clock()
        found = read(self._duo, self._tickets.members, privileged=self._privileged, staff=self._staff, now=now)
        with self._lock:
            self._known, self._looked_up, self._read_here = found, now, True
        return found

    def is_due(self, every: timedelta) -> bool:
        """Whether to read it: this process never did, whose settings may be other ones, or nobody did for so long."""
        return not self._read_here or self.age() >= every

    def age(self) -> timedelta:
        """How old the last reading is."""
        return self._clock() - self.current().read_at

    def current(self) -> Directory:
        """The last reading, by whichever worker; where there is none, one so old that it holds what needs it."""
        with self._lock:
            if self._known.read_at == NEVER or self._clock() - self._looked_up >= LOOKED_UP_EVERY:
                self._known = self._kept() or self._known
                self._looked_up = self._clock()
            return self._known

    def _kept(self) -> Directory | None:
        with self._ledger.reading() as connection:
            mark = marks.get(connection, MARK)
        try:
            return None if mark is None else from_json(self._ledger.keys.open(str(mark[0]).encode()))
        except UnusableKey as forged:  # it would say who may vouch for whom
            log.error("directory_not_ours", why=str(forged))
            return None
