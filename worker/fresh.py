"""Tickets as read lately, so that a poll's rows serve the acting that follows within seconds."""

import threading
from datetime import timedelta

from worker.case import FRESH, Clock
from worker.tickets.system import Tickets
from worker.tickets.ticket import Ticket

LEFT = timedelta(seconds=20)
"""So long a reading has to be good for from its turn on."""
ROOM = 5_000
"""Tickets kept at most; older ones are read again."""


class FreshTickets:
    """The latest reading of each ticket, for a minute. Safe to share between threads."""

    def __init__(self, tickets: Tickets, clock: Clock) -> None:
        self._tickets = tickets
        self._clock = clock
        self._kept: dict[str, Ticket] = {}
        self._lock = threading.Lock()

    def keep(self, ticket: Ticket) -> None:
        """Remember a reading; an older one than is known is not, unless that is from before the clock was set back."""
        with self._lock:
            known = self._kept.get(ticket.id)
            if known is None or known.read_at <= ticket.read_at or known.read_at > self._clock():
                self._kept.pop(ticket.id, None)
                self._kept[ticket.id] = ticket
            self._make_room()

    def _make_room(self) -> None:
        """Whatever is too old, and the oldest of what is too much; those kept last are at the end."""
        old = self._clock() - FRESH
        while self._kept:
            first = next(iter(self._kept))
            if len(self._kept) <= ROOM and self._kept[first].read_at >= old:
                return
            del self._kept[first]

    def forget(self, ticket_id: str) -> None:
        """What was read is out of date: something of ours may have been written since."""
        with self._lock:
            self._kept.pop(ticket_id, None)

    def forget_but(self, ticket_id: str, stamp: str | None) -> None:
        """A reading with another stamp is out of date: a worker that shares the ledger has written or read since.

        None: nobody has dealt with the ticket yet.
        """
        with self._lock:
            known = self._kept.get(ticket_id)
            if known is not None and stamp not in (None, known.stamp):
                del self._kept[ticket_id]

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket, read at most a minute ago; None where the system doesn't show it any more.

        Raises:
            ConnectorError: It had to be read and couldn't be.
        """
        with self._lock:
            known = self._kept.get(ticket_id)
        if known is not None and self._clock() - FRESH <= known.read_at <= self._clock():
            return known
        return self.read(ticket_id)

    def read(self, ticket_id: str) -> Ticket | None:
        """The ticket as it is now."""
        ticket = self._tickets.read([ticket_id]).get(ticket_id)
        if ticket is not None:
            self.keep(ticket)
        return ticket

    def refresh(self, ticket_ids: list[str]) -> None:
        """Read all of them at once if the first of them is stale: a backlog costs few calls."""
        stale = [ticket_id for ticket_id in ticket_ids if self.is_stale(ticket_id)]
        if len(stale) > 1 and stale[0] == ticket_ids[0]:
            for ticket in self._tickets.read(stale).values():
                self.keep(ticket)

    def is_stale(self, ticket_id: str) -> bool:
        """Whether it is to be read before its turn comes, as what is known of it is too old, or soon will be.

        Never where reading many saves nothing: each is read in its turn then, as it might be out of date by then.
        """
        with self._lock:
            known = self._kept.get(ticket_id)
        now = self._clock()
        return self._tickets.reads_many and not (known and now - FRESH + LEFT <= known.read_at <= now)
