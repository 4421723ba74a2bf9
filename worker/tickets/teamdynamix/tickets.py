"""The ticket system's part in TeamDynamix: the one class that the worker talks to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from connectors.errors import ConnectorError, Refused
from connectors.teamdynamix import feed, people, tickets
from connectors.teamdynamix.fields import NOBODY, Garbled
from connectors.teamdynamix.session import Tenant
from connectors.teamdynamix.tickets import CLOSED, Details
from worker.tickets.system import RUNS_ON, Probe
from worker.tickets.teamdynamix import aftermath, parsing, writing
from worker.tickets.teamdynamix.latest import Latest
from worker.tickets.teamdynamix.overwritten import closed_with
from worker.tickets.teamdynamix.parsing import SYSTEM
from worker.tickets.teamdynamix.people import People
from worker.tickets.teamdynamix.probes import probes
from worker.tickets.teamdynamix.settings import App, TicketSettings
from worker.tickets.teamdynamix.source import Source
from worker.tickets.ticket import Moment, Poll, Stamp, State, Ticket, Unchanged, Written, nothing_known

OVERLAP: Final = timedelta(minutes=2)
"""How much further back than asked for: whether ModifiedDate is set before a change can be seen is unconfirmed."""
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
OPEN_CLASSES: Final = (1, 2, 5, 6)  # New, InProcess, OnHold, Requested
DIGITS: Final = 10
SWIFT: Final = ("taken", "delivered")
"""Moments that follow within seconds upon a reading or writing of ours."""


class TeamDynamixTickets:
    """Requests of the configured forms, in all configured applications. See `worker.tickets.system.Tickets`."""

    system: Final = SYSTEM
    reads_many: Final = False
    runs_on: Final = RUNS_ON

    def __init__(self, tenant: Tenant, settings: TicketSettings, clock: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._settings = settings
        self._clock = clock
        self._people = People(tenant, settings, clock)
        self._latest = Latest(clock)
        self._source = Source(tenant, settings, self._people, clock, self._latest)

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
        """A patch where one is needed, the comment, the private note; then the ticket and its feed are read.

        It is read before, too, unless that was a moment ago and the worker takes or delivers. "taken" is the patch
        alone, and its answer the reading.
        """
        if moment.passphrase is not None:
            raise ValueError("a passphrase for a field, and TeamDynamix tells changes of fields in its feed")
        ids = parsing.ids(ticket.id)
        app, now = self._settings.app(ids[0]), self._just_before(ids, moment)
        if app is None or now is None:
            raise Refused(SYSTEM, "404", f"ticket {ticket.number} isn't shown any more")
        hand = self._hand(moment, ticket, now, app)
        if moment.name == "taken":
            return self._claimed(ids, app, now, hand)
        said = writing.is_said(ticket, moment.comment, self.me())
        notify = (ticket.person.email,) if self._settings.comments_are_mailed and ticket.person.email else ()
        expected = self._expected(app, now, hand)
        writing.say(self._tenant, ids, moment, hand, said=said, notify=notify)
        self._latest.take(ids)
        return aftermath.told(ticket, expected, self._after(ids), self.me())

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

    def _just_before(self, ids: tuple[int, int], moment: Moment) -> Details | None:
        """The ticket as it stands; None where it isn't shown."""
        known = self._latest.take(ids)
        return known if known is not None and moment.name in SWIFT else tickets.read(self._tenant, *ids)

    def _after(self, ids: tuple[int, int]) -> Ticket | None:
        """The ticket after a write, which was done whatever its reading meets: None where it can't be read."""
        try:
            return self._source.ticket(*ids)
        except ConnectorError:
            return None

    def _expected(self, app: App, now: Details, hand: writing.Hand) -> tuple[State, str, Stamp]:
        """How `now` stands after `hand` if nobody does anything beside us."""
        row = replace(now.row, status=hand.status, status_class=0) if hand.status else now.row
        responsible = str(hand.changes.get("/ResponsibleUid", now.responsible))
        assignee = "" if responsible == NOBODY else self._people.name(responsible)
        return parsing.state(row, app.statuses), assignee, parsing.stamp(row)

    def _claimed(self, ids: tuple[int, int], app: App, now: Details, hand: writing.Hand) -> Written:
        """What the claim's answer shows: of whom and for what the ticket is, not whether somebody said something."""
        began, at, me = self._latest.begin(), self._clock(), self.me()
        patched = writing.claim(self._tenant, ids, hand, now)
        self._latest.keep(patched, began, at)
        assignee = me if patched.responsible == self._people.me.uid else patched.responsible
        only_ours = None if aftermath.is_alike(now, patched) else False
        return Written(parsing.stamp(patched.row), assignee, parsing.state(patched.row, app.statuses), only_ours)

    @cached_property
    def _hold_group(self) -> int:
        return people.group(self._tenant, self._settings.hold_group)

    @property
    def _desk(self) -> writing.Desk:
        settings = self._settings
        until = writing.off_hold(self._clock(), settings.hold_for, needed=settings.pending_needs_date)
        return writing.Desk(self._people.me.uid, lambda: self._hold_group, until)
