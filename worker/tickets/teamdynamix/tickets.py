"""The ticket system's part in TeamDynamix: the one class that the worker talks to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from connectors.errors import Refused
from connectors.teamdynamix import feed, people, reference, tickets
from connectors.teamdynamix.session import Tenant
from connectors.teamdynamix.tickets import CLOSED, Details, Row, Rows
from worker.tickets.system import Probe
from worker.tickets.teamdynamix import parsing, writing
from worker.tickets.teamdynamix.overwritten import closed_with
from worker.tickets.teamdynamix.parsing import SYSTEM
from worker.tickets.teamdynamix.people import People
from worker.tickets.teamdynamix.probes import probes
from worker.tickets.teamdynamix.settings import App, TicketSettings
from worker.tickets.ticket import Moment, Poll, Stamp, Ticket, Unchanged, Written

OVERLAP: Final = timedelta(minutes=2)
"""How much further back than asked for: whether ModifiedDate is set before a change can be seen is unconfirmed."""
LATEST: Final = timedelta(minutes=5)  # how far their clock may be ahead, for cutting a span in two
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
        self._closings: dict[int, Mapping[str, int]] = {}

    def changed(self, since: datetime, unchanged: Unchanged = nothing_known) -> Poll:
        """One search for each application; for each ticket that is news, one call for it and one for its feed.

        No mark where so many rows were foreign that reading was given up.
        """
        return self._poll(since - OVERLAP, unchanged, {}, lambda _: True)

    def waiting(self, unchanged: Unchanged = nothing_known) -> Poll:
        """As `changed`, for whatever is open."""
        asked = {"StatusClassIDs": list(OPEN_CLASSES)}
        found = self._poll(LONG_AGO, unchanged, asked, lambda row: row.status_class not in CLOSED)
        return Poll(found.tickets, None, found.foreign)

    def read(self, ids: Sequence[str]) -> dict[str, Ticket]:
        """Two calls for each, and one for each person who wasn't looked up lately."""
        found = (self._read(*parsing.ids(ticket_id)) for ticket_id in ids)
        return {ticket.id: ticket for ticket in found if ticket is not None}

    def find(self, number: str) -> Ticket | None:
        """The ticket of that id. Raises `Refused` where several applications have one of ours."""
        wanted = number.strip()
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= DIGITS):
            return None
        found = [ticket for app in self._settings.apps if (ticket := self._read(app.id, int(wanted)))]
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

    def _poll(self, since: datetime, unchanged: Unchanged, asked: dict[str, Any], fits: Callable[[Row], bool]) -> Poll:
        found = [self._search(app, since, asked, fits) for app in self._settings.apps]
        rows = [row for each in found for row in each.fit]
        news = [row for row in rows if not unchanged(parsing.key(row.app, row.id), parsing.stamp(row))]
        read = [ticket for row in news if (ticket := self._read(row.app, row.id))]
        whole = all(each.whole for each in found)
        mark = max((row.modified for row in rows), default=None) if whole else None
        return Poll(tuple(read), mark, sum(each.foreign for each in found))

    def _search(self, app: App, since: datetime, asked: dict[str, Any], fits: Callable[[Row], bool]) -> Rows:
        return tickets.search(
            self._tenant,
            app.id,
            {**asked, "FormIDs": list(app.all_forms)},
            since=since,
            until=self._clock() + LATEST,
            limit=self._settings.search_limit,
            fits=lambda row: row.form in app.all_forms and fits(row),
        )

    def _read(self, app_id: int, ticket_id: int) -> Ticket | None:
        """The ticket as it is now. The feed is read after it, so that no note is older than what it is about."""
        read_at = self._clock()
        details = tickets.read(self._tenant, app_id, ticket_id)
        if details is None:
            return None
        entries = feed.entries(self._tenant, app_id, ticket_id)
        ticket = parsing.ticket(details, entries, self._people, self._settings, read_at)
        if ticket is None or not closed_with(entries, app_id, self._people.me.uid, self._closing):
            return ticket
        return replace(ticket, state="closed")

    def _closing(self, app_id: int) -> Mapping[str, int]:
        """See `overwritten.Closing`."""
        if app_id not in self._closings:
            found = reference.statuses(self._tenant, app_id)
            self._closings[app_id] = {each.name: each.id if each.status_class in CLOSED else 0 for each in found}
        return self._closings[app_id]

    def _hand(self, moment: Moment, ticket: Ticket, now: Details, app: App) -> writing.Hand:
        """What becomes of the ticket; where ours was set over a person's closing, that closing is set once more."""
        me = self._people.me.uid
        if moment.name == "closed" and ticket.state == "closed" and now.modified_by == me:
            entries = feed.entries(self._tenant, app.id, now.row.id)
            theirs = closed_with(entries, app.id, me, self._closing)
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
