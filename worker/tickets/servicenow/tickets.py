"""The ticket system's part in ServiceNow: the one class that the worker talks to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Final

from connectors.errors import Misconfigured, Refused, Unavailable
from connectors.servicenow import directory, query
from connectors.servicenow.approvals import approvals
from connectors.servicenow.batch import QUOTA
from connectors.servicenow.instance import Instance
from connectors.servicenow.journal import entries
from connectors.servicenow.query import UnfitForQuery
from connectors.servicenow.table import Dropped, Row, Rows, patch
from worker.tickets.servicenow import polling
from worker.tickets.servicenow.around import Around, Beside
from worker.tickets.servicenow.heeded import heeds_dot_walk
from worker.tickets.servicenow.layout import layout
from worker.tickets.servicenow.parsing import (
    SYSTEM,
    approval_records,
    changed_at,
    journal_records,
    ticket,
    unshown,
    written,
)
from worker.tickets.servicenow.probes import probes
from worker.tickets.servicenow.settings import TicketSettings
from worker.tickets.servicenow.source import Source
from worker.tickets.servicenow.writing import Desk, fields_of
from worker.tickets.system import RUNS_ON, Probe
from worker.tickets.ticket import Moment, Poll, Ticket, Unchanged, Unreadable, Written, nothing_known

BATCH_RUNS_ON: Final = QUOTA + timedelta(seconds=30)


class ServiceNowTickets:
    """Requests of the configured catalogue items. Safe to share between threads.

    Every method raises the connectors' errors. Reads are repeated by the connector, writes never.
    """

    system: Final = SYSTEM
    reads_many: Final = True

    def __init__(self, instance: Instance, settings: TicketSettings, clock: Callable[[], datetime]) -> None:
        self._instance = instance
        self._settings = settings
        self._clock = clock
        self._layout = layout(settings)
        self._source = Source(instance, self._layout, settings)

    @property
    def runs_on(self) -> timedelta:
        """A batch has 30 s, after the wait for its slot."""
        return BATCH_RUNS_ON if self._instance.batch is not None else RUNS_ON

    def changed(self, since: datetime, unchanged: Unchanged = nothing_known) -> Poll:
        """What changed at `since` or later, whatever its state, less what `unchanged` knows.

        One call where nothing is new; else notes and approvals are read for all tickets at once. A row that changes
        while pages are read may be missed below the mark: windows have to overlap. No mark where so many rows were
        foreign that reading was given up.
        """
        read_at = self._clock()
        found = polling.changed(self._source, since)
        mark = self._newest(found.fit) if found.whole else None
        found.fit = self._unread(unchanged, found.fit)
        return self._news(found, read_at, mark)

    def waiting(self, unchanged: Unchanged = nothing_known) -> Poll:
        """What is open, however long ago it changed, less what `unchanged` knows. It moves no mark."""
        read_at = self._clock()
        return self._news(polling.waiting(self._source, partial(self._unread, unchanged)), read_at)

    def read(self, ids: Sequence[str]) -> dict[str, Ticket]:
        """Those tickets as they are now, whatever their state; one that isn't there, or isn't ours, is absent.

        Raises `Unavailable` where one alone is asked for that can't be read: it may be shown again.
        """
        read_at = self._clock()
        found, hidden = self._parted(polling.of_ids(self._source, ids).fit)
        if hidden and len(ids) == 1:
            raise Unavailable(SYSTEM, f"{hidden[0].number}: {hidden[0].why}")
        return {each.id: each for each in self._tickets(found, read_at)}

    def find(self, number: str) -> Ticket | None:
        """The ticket that people call by this number: its own, its item's or its request's.

        None where no ticket of ours has it, or it can't be a number. Raises `Refused` where several have it.
        """
        try:
            wanted = query.number(number)
        except UnfitForQuery:
            return None
        read_at = self._clock()
        found = self._tickets(polling.of_number(self._source, wanted).fit, read_at)
        if len(found) > 1:
            names = ", ".join(sorted(each.number for each in found))
            raise Refused(SYSTEM, "ambiguous", f"{wanted} stands for several tickets: {names}")
        return found[0] if found else None

    def write(self, ticket: Ticket, moment: Moment) -> Written:
        """Say a moment on the ticket, in one write: state, assignment, comment, work note.

        Where the answer shows that it is closed, or somebody else's, it isn't an error that a field wasn't taken over:
        the notes were written, and what is returned tells whose the ticket is.
        """
        account = self._account  # known before, because no reading may fail once the write is done
        fields = fields_of(moment, self._settings.states, self._desk, self._settings.passphrase_field)
        try:
            row = patch(self._instance, self._layout.table, ticket.id, fields, self._layout.written)
        except Dropped as dropped:
            seen = self._seen(dropped.row, ticket, account)
            if seen.state != "closed" and seen.assignee in ("", account.user_name):
                raise
            return seen
        return self._seen(row, ticket, account)

    def written(self, ticket_id: str, marker: str) -> bool:
        """Whether the journal carries a work note of ours that ends with `marker`."""
        return any(
            entry.element == "work_notes" and self._is_me(entry.author) and entry.text.rstrip().endswith(marker)
            for entry in entries(self._instance, [ticket_id])
        )

    def empty_passphrase(self, ticket_id: str) -> None:
        """Empty the passphrase field. May be repeated."""
        if field := self._settings.passphrase_field:
            patch(self._instance, self._layout.table, ticket_id, {field: ""}, ())

    def members(self, groups: Sequence[str]) -> dict[str, frozenset[str]]:
        """User names by group. Raises `Misconfigured` for a name that isn't exactly one active group's."""
        return directory.members(self._instance, groups)

    def me(self) -> str:
        """The worker's own user name, as journals and assignments carry it."""
        return self._account.user_name

    def heeds_dot_walk(self) -> bool | None:
        """Whether the instance heeds dot-walked conditions; where it doesn't, `plain_queries` has to be set.

        None where there is no row yet to show it by.
        """
        return heeds_dot_walk(self._source)

    def adapt(self) -> bool:
        """Ask with plain queries from now on where dot-walked conditions aren't heeded; whether that is new.

        Costs the calls of `heeds_dot_walk`. Not for two threads at once: the poll, of which there is one, calls it.
        """
        if self._settings.plain_queries or self.heeds_dot_walk() is not False:
            return False
        self._settings = replace(self._settings, plain_queries=True)
        self._source = Source(self._instance, self._layout, self._settings)
        return True

    def probes(self) -> Iterator[Probe]:
        """Harmless questions whose answers tell whether everything that the worker needs is there."""
        return probes(self._source, self._clock)

    def _newest(self, rows: Sequence[Row]) -> datetime | None:
        shown = (row for row in rows if not self._layout.unreadable(row))
        return max((changed_at(row, self._layout) for row in shown), default=None)

    def _unread(self, unchanged: Unchanged, rows: list[Row]) -> list[Row]:
        read = [(row["sys_id"], self._layout.stamp(row)) for row in rows]
        known = unchanged(read)
        return [row for row, reading in zip(rows, read, strict=True) if reading not in known]

    def _news(self, found: Rows, read_at: datetime, mark: datetime | None = None) -> Poll:
        shown, hidden = self._parted(found.fit)
        found.fit.clear()
        return Poll(self._tickets(shown, read_at), mark, found.foreign, hidden)

    def _parted(self, rows: Sequence[Row]) -> tuple[list[Row], tuple[Unreadable, ...]]:
        """Rows with all that a ticket needs, and the others; where all of several lack it, it's our permissions."""
        hidden = [row for row in rows if self._layout.unreadable(row)]
        if len(hidden) > 1 and len(hidden) == len(rows):
            raise Misconfigured(SYSTEM, unshown(hidden[0], self._layout))
        told = (Unreadable(row["sys_id"], row.get("number", ""), unshown(row, self._layout)) for row in hidden)
        return [row for row in rows if row not in hidden], tuple(told)

    def _tickets(self, rows: list[Row], read_at: datetime) -> tuple[Ticket, ...]:
        """One read of the journal for all rows, and one of approvers if any row carries an approval.

        Rows are taken out as they become tickets, so that not all of both are there at once.
        """
        records = {record for row in rows for record in journal_records(row, self._layout)}
        approved = {record for row in rows for record in approval_records(row, self._layout)}
        around = Around(Beside(entries(self._instance, records)), Beside(approvals(self._instance, approved)))
        rows.reverse()
        found = list[Ticket]()
        while rows:
            found.append(ticket(rows.pop(), around, self._layout, self._settings, read_at))
        return tuple(found)

    def _seen(self, row: Row, ticket: Ticket, account: directory.Account) -> Written:
        """The answer to a write; where it gives no user name, whoever has it is told by sys_id."""
        seen = written(row, self._layout, self._settings.states, ticket.stamp)
        return replace(seen, assignee=account.user_name) if seen.assignee == account.sys_id else seen

    @cached_property
    def _account(self) -> directory.Account:
        return directory.account(self._instance, self._settings.username)

    @cached_property
    def _hold_group(self) -> str:
        name = self._settings.hold_group
        return directory.groups(self._instance, [name])[name]

    def _is_me(self, user_name: str) -> bool:
        return user_name.casefold() == self.me().casefold()

    @property
    def _desk(self) -> Desk:
        return Desk(lambda: self._account.sys_id, lambda: self._hold_group)
