"""The ticket system's part in TeamDynamix: the one class that the worker talks to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from connectors.errors import Refused
from connectors.teamdynamix import feed, people, tickets
from connectors.teamdynamix.fields import Garbled
from connectors.teamdynamix.session import Tenant
from connectors.teamdynamix.tickets import CLOSED, Details
from worker.tickets.system import Probe
from worker.tickets.teamdynamix import parsing, writing
from worker.tickets.teamdynamix.overwritten import closed_with
from worker.tickets.teamdynamix.parsing import SYSTEM
from worker.tickets.teamdynamix.people import People
from worker.tickets.teamdynamix.probes import probes
from worker.tickets.teamdynamix.settings import App, TicketSettings
from worker.tickets.teamdynamix.source import Source
from worker.tickets.ticket import Moment, Poll, Stamp, Ticket, Unchanged, Written

OVERLAP: Final = timedelta(minutes=2)
"""How much further back than asked for: whether ModifiedDate is set before a change can be seen is unconfirmed."""
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
OPEN_CLASSES: Final = (1, 2, 5, 6)  # New, InProcess, OnHold, Requested
DIGITS: Final = 10


def nothing_known(_ticket_id: str, _stamp: Stamp) -> bool:
    """Every row is news."""
    return False


class TeamDynamixTickets:
    """Requests of the configured forms, in all configured applications. See `worker.tickets.system.Tickets`."""

    system: Final = SYSTEM

    def __init__(self, tenant: Tenant, settings: TicketSettings, clock: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._settings = settings
        self._clock = clock
        self._people = People(tenant, settings, clock)
        self._source = Source(tenant, settings, self._people, clock)

    def changed(self, since: datetime, unchanged: Unchanged = nothing_known) -> Poll:
        """One search for each application; for each ticket that is news, one call for it and one for its feed.

        No mark where so many rows were foreign that reading was given up.
        """
        return self._source.poll(since - OVERLAP, unchanged, {}, lambda _: True)

    def waiting(self, unchanged: Unchanged = nothing_known) -> Poll:
        """As `changed`, for whatever is open."""
        asked = {"StatusClassIDs": list(OPEN_CLASSES)}
        found = self._source.poll(LONG_AGO, unchanged, asked, lambda row: row.status_class not in CLOSED)
        return replace(found, mark=None)

    def read(self, ids: Sequence[str]) -> dict[str, Ticket]:
        """Two calls for each, and one for each person who wasn't looked up lately.

        Raises `Unavailable` where one alone is asked for that can't be read; of several it is left out.
        """
        found = {}
        for ticket_id in ids:
            try:
                ticket = self._source.ticket(*parsing.ids(ticket_id))
            except Garbled:
                if len(ids) == 1:
                    raise
                continue
            if ticket is not None:
                found[ticket_id] = ticket
        return found

    def find(self, number: str) -> Ticket | None:
        """The ticket of that id. Raises `Refused` where several applications have one of ours."""
        wanted = number.strip()
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= DIGITS):
            return None
        found = [ticket for app in self._settings.apps if (ticket := self._source.ticket(app.id, int(wanted)))]
        if len(found) > 1:
            raise Refused(SYSTEM, "ambiguous", f"{wanted} stands for tickets of several applications")
        return found[0] if found else None

    def write(self, ticket: Ticket, moment: Moment) -> Written:
        """The ticket is read once more, then written: a patch where one is needed, the comment, the private note.

        Nothing is compared afterwards, so what others did meanwhile isn't known: the next poll reads it.
        """
        if moment.passphrase is not None:
            raise ValueError("a passphrase for a field, and TeamDynamix tells changes of fields in its feed")
        ids = parsing.ids(ticket.id)
        app, now = self._settings.app(ids[0]), tickets.read(self._tenant, *ids)
        if app is None or now is None:
            raise Refused(SYSTEM, "404", f"ticket {ticket.number} isn't shown any more")
        hand = self._hand(moment, ticket, now, app)
        said = writing.is_said(ticket, moment.comment, self.me())
        notify = (ticket.person.email,) if self._settings.comments_are_mailed and ticket.person.email else ()
        patched = writing.say(self._tenant, ids, moment, hand, said=said, notify=notify) or now
        return self._written(app, patched, hand)

    def written(self, ticket_id: str, marker: str) -> bool:
        """Whether the feed carries a private note of ours that ends with `marker`: it is what a moment ends with."""
        me = self._people.me.uid
        return any(
            entry.private and entry.author == me and entry.text.rstrip().endswith(marker)
            for entry in feed.entries(self._tenant, *parsing.ids(ticket_id))
        )

    def empty_passphrase(self, ticket_id: str) -> None:
        """Nothing: no passphrase is ever written to a field here."""

    def members(self, groups: Sequence[str]) -> dict[str, frozenset[str]]:
        """Two calls for each group."""
        return self._people.members(groups)

    def me(self) -> str:
        """The account's log-in name."""
        return self._people.my_name

    def adapt(self) -> bool:
        """There is no other way to ask."""
        return False

    def probes(self) -> Iterator[Probe]:
        """About four calls for each application."""
        return probes(self._tenant, self._settings, self._people, self._clock)

    def _hand(self, moment: Moment, ticket: Ticket, now: Details, app: App) -> writing.Hand:
        """What becomes of the ticket; where ours was set over a person's closing, that closing is set once more."""
        me = self._people.me.uid
        if moment.name == "closed" and ticket.state == "closed" and now.modified_by == me:
            entries = feed.entries(self._tenant, app.id, now.row.id)
            theirs = closed_with(entries, app.id, me, self._source.closing)
            return writing.Hand(0 if theirs == now.row.status else theirs, {})
        return writing.hand(moment, app.statuses, self._desk, now) if self._is_ours(now, app) else writing.Hand(0, {})

    def _is_ours(self, now: Details, app: App) -> bool:
        """Whether status and assignment are ours to change: it is open, and nobody else's."""
        return parsing.state(now.row, app.statuses) != "closed" and now.responsible in ("", self._people.me.uid)

    def _written(self, app: App, seen: Details, hand: writing.Hand) -> Written:
        """`seen` is how the ticket stood before its status was set with what was said."""
        row = replace(seen.row, status=hand.status, status_class=0) if hand.status else seen.row
        state = parsing.state(row, app.statuses)
        return Written(parsing.stamp(row), self._people.name(seen.responsible), state, only_ours=False)

    @cached_property
    def _hold_group(self) -> int:
        return people.group(self._tenant, self._settings.hold_group)

    @property
    def _desk(self) -> writing.Desk:
        settings = self._settings
        until = writing.off_hold(self._clock(), settings.hold_for, needed=settings.pending_needs_date)
        return writing.Desk(self._people.me.uid, lambda: self._hold_group, until)
