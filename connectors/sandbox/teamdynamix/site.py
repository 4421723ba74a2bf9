"""The tenant's memory, with what every change does to a ticket."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from connectors.sandbox.teamdynamix.catalogue import APPS, App
from connectors.sandbox.teamdynamix.records import COMMENT, EDIT, NOBODY, STATUS, Entry, Group, Refusal, Ticket, User
from connectors.sandbox.teamdynamix.switches import Switches

TICK: Final = timedelta(milliseconds=4)  # two changes of a ticket never bear the same stamp
CLOSED: Final = (3, 4)


class Site:
    """Everything that is kept. Not safe by itself: the stand-in holds a lock around every use."""

    def __init__(self, clock: Callable[[], datetime], seed: int, switches: Switches) -> None:
        self.clock = clock
        self.switches = switches
        self.apps: dict[int, App] = {app.id: app for app in APPS}
        self.users: dict[str, User] = {}
        self.groups: dict[int, Group] = {}
        self.tickets: dict[int, Ticket] = {}
        self._chance = random.Random(f"teamdynamix {seed}")
        self._last = 12344 + 1000 * (seed % 7)

    def new_id(self) -> int:
        self._last += 1
        return self._last

    def new_uid(self) -> str:
        return str(UUID(int=self._chance.getrandbits(128), version=4))

    def user_named(self, name: str) -> User:
        """By the district's name, log-in name or UID; raises KeyError where there is none."""
        for user in self.users.values():
            if name in (user.uid, user.user_name, user.fields.get("UserName")):
                return user
        raise KeyError(f"no user is called {name}")

    def group_named(self, name: str) -> Group:
        for group in self.groups.values():
            if group.name == name:
                return group
        raise KeyError(f"no group is called {name}")

    def ticket(self, app: int, ticket_id: int) -> Ticket:
        """Raises a 404 for one that isn't there, is another application's, or is hidden."""
        found = self.tickets.get(ticket_id)
        if found is None or found.app != app or ticket_id in self.switches.hidden_tickets:
            raise Refusal(404, f"The ticket {ticket_id} could not be found.")
        return found

    def stamp(self, ticket: Ticket) -> datetime:
        """Now, and later than anything before on this ticket."""
        latest = max((ticket.modified, *(entry.at for entry in ticket.feed)))
        return max(self.clock(), latest + TICK)

    def touch(self, ticket: Ticket, uid: str, at: datetime) -> None:
        ticket.modified, ticket.modified_by = at, uid

    def say(self, ticket: Ticket, uid: str, body: str, *, private: bool, notify: tuple[str, ...] = ()) -> Entry:
        """A comment."""
        entry = Entry(self.new_id(), uid, self.stamp(ticket), body, COMMENT, private, notified=notify)
        ticket.feed.append(entry)
        if self.switches.feed_touches_ticket:
            self.touch(ticket, uid, entry.at)
        return entry

    def set_status(self, ticket: Ticket, uid: str, status_id: int) -> str:
        """The status; the line that tells of it. Raises a 400 for one that the application doesn't have."""
        app = self.apps[ticket.app]
        before, after = app.status(ticket.status), app.status(status_id)
        if after is None:
            raise Refusal(400, f"The status {status_id} is not a status of this application.")
        if after.requires_date and self.switches.dates_needed and ticket.goes_off_hold is None:
            raise Refusal(400, "A goes off hold date is required for this status.")
        at = self.stamp(ticket)
        ticket.status = status_id
        closed = after.status_class in CLOSED
        ticket.completed, ticket.completed_by = (at, uid) if closed else (None, NOBODY)
        if after.status_class != 5:
            ticket.goes_off_hold = None
        self.touch(ticket, uid, at)
        return f"Changed Status from {before.name if before else 'None'} to {after.name}."

    def move(self, ticket: Ticket, uid: str, status_id: int, comment: str = "", *, private: bool = False) -> Entry:
        """A change of status with its line in the feed, and what was said with it."""
        line = self.set_status(ticket, uid, status_id)
        body = f"{line}<br/><br/>{comment}" if comment else line
        entry = Entry(self.new_id(), uid, self.stamp(ticket), body, STATUS, private)
        ticket.feed.append(entry)
        self.touch(ticket, uid, entry.at)
        return entry

    def edited(self, ticket: Ticket, uid: str, what: str) -> None:
        """A change of other fields."""
        at = self.stamp(ticket)
        if self.switches.edits_leave_a_line:
            ticket.feed.append(Entry(self.new_id(), uid, at, f"Edited this ticket: {what}", EDIT, private=True))
        self.touch(ticket, uid, at)
