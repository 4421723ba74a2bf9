"""Reading: what searches bring, whole tickets with their feeds, and which of them can't be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from connectors.errors import Unavailable
from connectors.gate import BudgetSpent
from connectors.teamdynamix import feed, reference, tickets
from connectors.teamdynamix.fields import Garbled
from connectors.teamdynamix.session import Tenant
from connectors.teamdynamix.tickets import CLOSED, Details, Row, Rows
from worker.tickets.teamdynamix import parsing
from worker.tickets.teamdynamix.latest import Latest
from worker.tickets.teamdynamix.overwritten import closed_with
from worker.tickets.teamdynamix.parsing import SYSTEM
from worker.tickets.teamdynamix.people import People
from worker.tickets.teamdynamix.settings import App, TicketSettings
from worker.tickets.ticket import Poll, Ticket, Unchanged, Unreadable

LATEST: Final = timedelta(minutes=5)  # how far their clock may be ahead, for cutting a span in two


@dataclass
class Source:
    """Reads the tickets of all configured applications."""

    tenant: Tenant
    settings: TicketSettings
    people: People
    clock: Callable[[], datetime]
    latest: Latest
    _statuses: dict[int, Mapping[str, int]] = field(default_factory=dict)

    def poll(self, since: datetime, unchanged: Unchanged, asked: dict[str, Any], fits: Callable[[Row], bool]) -> Poll:
        """What was modified from `since` on. Raises `Unavailable` where none of several tickets can be read.

        Where our own budget ends on the way, what was read by then; the rest is news to the next poll, as there is no
        mark.
        """
        found = [self._search(app, since, asked, fits) for app in self.settings.apps]
        rows = [row for each in found for row in each.fit]
        readings = [(parsing.key(row.app, row.id), parsing.stamp(row)) for row in rows]
        known = unchanged(readings)
        news = [row for row, reading in zip(rows, readings, strict=True) if reading not in known]
        told = [_unreadable(*key, why) for each in found for key, why in each.garbled.items()]
        read, hidden, to_the_end = self._parted(news, told)
        whole = to_the_end and all(each.whole for each in found)
        mark = max((row.modified for row in rows), default=None) if whole else None
        return Poll(read, mark, sum(each.foreign for each in found), hidden)

    def ticket(self, app_id: int, ticket_id: int) -> Ticket | None:
        """The ticket as it is now. The feed is read after it, so that no note is older than what it is about.

        One that nobody has changed since it was filed has nothing in its feed, which isn't asked for. None where it
        isn't there, or isn't ours; raises `Garbled` where it can't be read.
        """
        read_at = self.clock()
        details = self.details(app_id, ticket_id)
        if details is None:
            return None
        entries = () if details.is_as_filed else feed.entries(self.tenant, app_id, ticket_id)
        ticket = parsing.ticket(details, entries, self.people, self.settings, read_at)
        if ticket is None or not closed_with(entries, app_id, self.people.me.uid, self.closing):
            return ticket
        return replace(ticket, state="closed")

    def details(self, app_id: int, ticket_id: int) -> Details | None:
        """The ticket itself as it is now, whosever it is."""
        began, at = self.latest.begin(), self.clock()
        details = tickets.read(self.tenant, app_id, ticket_id)
        if details is not None:
            self.latest.keep(details, began, at)
        return details

    def closing(self, app_id: int) -> Mapping[str, int]:
        """See `overwritten.Closing`."""
        if app_id not in self._statuses:
            found = reference.statuses(self.tenant, app_id)
            self._statuses[app_id] = {each.name: each.id if each.status_class in CLOSED else 0 for each in found}
        return self._statuses[app_id]

    def _search(self, app: App, since: datetime, asked: dict[str, Any], fits: Callable[[Row], bool]) -> Rows:
        return tickets.search(
            self.tenant,
            app.id,
            {**asked, "FormIDs": list(app.all_forms)},
            since=since,
            until=self.clock() + LATEST,
            limit=self.settings.search_limit,
            fits=lambda row: row.form in app.all_forms and fits(row),
        )

    def _parted(
        self, news: Sequence[Row], told: Sequence[Unreadable]
    ) -> tuple[tuple[Ticket, ...], tuple[Unreadable, ...], bool]:
        """The tickets, those that can't be read, and whether that is all; where none of several can, it isn't them."""
        read, hidden = list[Ticket](), list(told)
        for row in news:
            try:
                ticket = self.ticket(row.app, row.id)
            except Garbled as garbled:
                hidden.append(_unreadable(row.app, row.id, garbled.detail))
            except BudgetSpent:
                if not read:
                    raise
                return tuple(read), tuple(hidden), False
            else:
                read += [ticket] if ticket else []
        asked = len(news) + len(told)
        if len(hidden) == asked > 1:
            raise Unavailable(SYSTEM, f"no ticket of {asked} can be read: {hidden[0].why}")
        return tuple(read), tuple(hidden), True


def _unreadable(app: int, number: int, why: str) -> Unreadable:
    return Unreadable(parsing.key(app, number), str(number), why)
