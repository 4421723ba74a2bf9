"""What people do at the client portal and the technicians' desk, and how tests look at what came of it."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from connectors.sandbox.people import Person
from connectors.sandbox.teamdynamix.records import COMMENT, CREATED, NOBODY, STATUS, Entry, Group, Ticket, User
from connectors.sandbox.teamdynamix.site import Site

DOMAIN: Final = "example.edu"
APPROVALS: Final = ("not requested", "requested", "approved", "rejected")
CLOSED: Final = {"complete": 3, "incomplete": 4, "skipped": 4}
WORDS: Final = {1: "open", 2: "work_in_progress", 5: "pending", 3: "closed", 4: "closed", 6: "other"}
TRUSTED: Final = {"u_hr_phone": 71, "u_personal_email": 72}  # custom attributes of people, by the district's names
USER_FIELDS: Final = {"email": "PrimaryEmail", "first_name": "FirstName", "last_name": "LastName"}


@dataclass(frozen=True)
class Ref:
    """One ticket as people name it (`number`) and as a program does ("app/id")."""

    number: str
    sys_id: str


@dataclass(frozen=True)
class Filed:
    """What one filing made: here all three are the ticket."""

    task: Ref

    @property
    def item(self) -> Ref:
        return self.task

    @property
    def request(self) -> Ref:
        return self.task


@dataclass(frozen=True)
class Note:
    """One entry of a feed. `author` is a user name of the district."""

    at: datetime
    kind: str  # "comments" or "work_notes"
    author: str
    text: str


class Acts:
    """Acts on one tenant, under its lock. Tickets are named by number; methods raise KeyError for what isn't there."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.RLock()

    def add_person(self, person: Person) -> str:
        """A user with the person's groups; their UID."""
        with self._lock:
            user = User(self._site.new_uid(), person.user_name, _fields(person))
            if person.personal_email:
                user.attributes[TRUSTED["u_personal_email"]] = person.personal_email
            self._site.users[user.uid] = user
            for name in person.groups:
                self._group(name).members.append(user.uid)
            return user.uid

    def add_group(self, name: str, members: Iterable[str] = ()) -> int:
        """The group, made if it doesn't exist, with these members added; its id."""
        with self._lock:
            group = self._group(name)
            group.members += [self._site.user_named(member).uid for member in members]
            return group.id

    def set_user(self, user: str, **fields: str) -> None:
        """Set fields of a user: u_hr_phone, u_personal_email, email, …; `active` "false" ends the account."""
        with self._lock:
            found = self._site.user_named(user)
            for name, value in fields.items():
                if name == "active":
                    found.is_active = value == "true"
                elif name in TRUSTED:
                    found.attributes[TRUSTED[name]] = value
                else:
                    found.fields[USER_FIELDS.get(name, name)] = value

    def file_request(
        self,
        person: Person | str,
        answers: Mapping[str, str],
        *,
        opener: str | None = None,
        approval: str = "not requested",
        item: str = "enrolment",
        at: datetime | None = None,
        app: int = 31,
        affected: str = "",
        watched_by: str = "",
        responsible: str = "",
    ) -> Filed:
        """Fill in and submit a form; `opener` None: the person did it, `at` None: now.

        `affected` answers the form's question whom it is for; else the requestor is. Requested approvals wait in a
        status of their own; ValueError for a word that is none. `responsible` is whom the form assigns it to.
        """
        if approval not in APPROVALS:
            raise ValueError(f"{approval} is no approval state")
        with self._lock:
            site, catalogue = self._site, self._site.apps[app]
            name = person if isinstance(person, str) else person.user_name
            whom, by = site.user_named(name), site.user_named(opener or name)
            now = at or site.clock()
            status = catalogue.of_class(6 if approval == "requested" else 1).id
            form = catalogue.enrolment_form if item == "enrolment" else catalogue.reset_form
            made = Ticket(
                site.new_id(), app, form, "Duo re-enrolment", status, whom.uid, by.uid, now, now, by.uid,
                attributes=self._answers(app, answers),
                notify=[(whom.user_name, whom.fields.get("PrimaryEmail", ""))],
            )  # fmt: skip
            if affected:
                made.attributes[catalogue.named("affected_person").id] = site.user_named(affected).uid
            if responsible:
                made.responsible = site.user_named(responsible).uid
            if watched_by:
                made.notify.append((watched_by, watched_by))
            made.feed.append(Entry(site.new_id(), by.uid, now, "Created this ticket.", CREATED))
            site.tickets[made.id] = made
            return Filed(Ref(str(made.id), f"{app}/{made.id}"))

    def comment(self, ticket: str, author: str, text: str) -> None:
        """What the requester reads."""
        with self._lock:
            self._site.say(self._named(ticket), self._site.user_named(author).uid, text, private=False)

    def work_note(self, ticket: str, author: str, text: str) -> None:
        """What only staff reads."""
        with self._lock:
            self._site.say(self._named(ticket), self._site.user_named(author).uid, text, private=True)

    def reply(self, ticket: str, author: str, text: str) -> None:
        """An answer to the newest comment of the feed, as private as that one."""
        with self._lock:
            found, site = self._named(ticket), self._site
            said = [entry for entry in found.feed if entry.kind == COMMENT][-1]
            uid, at = site.user_named(author).uid, site.stamp(found)
            said.replies.append(Entry(site.new_id(), uid, at, text, COMMENT, said.private))
            site.touch(found, uid, at)

    def approve(self, ticket: str, approver: str) -> None:
        """The workflow's approval: the ticket becomes new."""
        self._to(ticket, approver, 1)

    def reject(self, ticket: str, approver: str) -> None:
        """The workflow's rejection, which has a status of its own."""
        with self._lock:
            found = self._named(ticket)
            rejected = next(each for each in self._site.apps[found.app].statuses if each.name == "Rejected")
            self._site.move(found, self._site.user_named(approver).uid, rejected.id)

    def ask_approval(self, ticket: str, by: str) -> None:
        """The workflow's approval is asked for, or asked for again."""
        self._to(ticket, by, 6)

    def watch(self, ticket: str, address: str) -> None:
        """Somebody else is told of comments from now on."""
        with self._lock:
            found = self._named(ticket)
            found.notify.append((address, address))
            self._site.edited(found, self._site.user_named("technician.tom").uid, "notify")

    def assign(self, ticket: str, user: str, *, by: str | None = None) -> None:
        """Make a user responsible, by himself if nobody else is named; an empty name: nobody."""
        with self._lock:
            found = self._named(ticket)
            found.responsible = self._site.user_named(user).uid if user else NOBODY
            self._site.edited(found, self._site.user_named(by or user or "technician.tom").uid, "responsible resource")

    def close(self, ticket: str, by: str, *, how: Literal["complete", "incomplete", "skipped"] = "complete") -> None:
        """Resolve or cancel the ticket."""
        self._to(ticket, by, CLOSED[how])

    def cancel(self, ticket: str, by: str) -> None:
        """Cancel the ticket."""
        self._to(ticket, by, 4)

    def reopen(self, ticket: str, by: str) -> None:
        """New again, as a requestor's reply makes what isn't set to "Do not reopen"; whoever had it has it."""
        self._to(ticket, by, 1)

    def edit_answer(self, ticket: str, name: str, value: str, *, by: str = "technician.tom") -> None:
        """Change an answer of a filed form."""
        with self._lock:
            found = self._named(ticket)
            found.attributes |= self._answers(found.app, {name: value})
            self._site.edited(found, self._site.user_named(by).uid, name)

    def set_requestor(self, ticket: str, user: str, *, affected: bool = False) -> None:
        """Enter another requestor; `affected`: the one so far becomes the answer to whom it is for."""
        with self._lock:
            found = self._named(ticket)
            if affected:
                found.attributes[self._site.apps[found.app].named("affected_person").id] = found.requestor
            found.requestor = self._site.user_named(user).uid
            self._site.edited(found, found.modified_by, "requestor")

    def set_form(self, ticket: str, form: int) -> None:
        """Move the ticket to another form, so that it isn't ours any more."""
        with self._lock:
            found = self._named(ticket)
            found.form = form
            self._site.edited(found, found.modified_by, "form")

    def ticket(self, ticket: str) -> dict[str, Any]:
        """Names instead of ids; `state` in plain words; the feed as lists of texts."""
        with self._lock:
            found = self._named(ticket)
            app = self._site.apps[found.app]
            status = app.status(found.status)
            notes = self.journal(ticket)
            return {
                "number": str(found.id),
                "state": WORDS.get(status.status_class if status else 0, "other"),
                "status": status.name if status else "",
                "assigned_to": self._name(found.responsible),
                "assignment_group": self._site.groups[found.group].name if found.group in self._site.groups else "",
                "opened_by": self._name(found.created_by),
                "requested_for": self._name(found.requestor),
                "closed_by": self._name(found.completed_by),
                "variables": {each.name: found.attributes.get(each.id, "") for each in app.attributes},
                "comments": [note.text for note in notes if note.kind == "comments"],
                "work_notes": [note.text for note in notes if note.kind == "work_notes"],
            }

    def journal(self, ticket: str) -> list[Note]:
        """All that was said, in order."""
        with self._lock:
            return [
                Note(each.at, "work_notes" if each.private else "comments", self._name(each.uid), _text(each))
                for each in self._named(ticket).feed
                if each.kind in (COMMENT, STATUS)
            ]

    def row(self, ticket: str) -> dict[str, str]:
        """The answers as they are kept, by the district's names."""
        return dict(self.ticket(ticket)["variables"])

    def _to(self, ticket: str, by: str, status_class: int) -> None:
        with self._lock:
            found = self._named(ticket)
            status = self._site.apps[found.app].of_class(status_class)
            self._site.move(found, self._site.user_named(by).uid, status.id)

    def _answers(self, app: int, answers: Mapping[str, str]) -> dict[int, str]:
        """Attribute values by id; a choice is its id."""
        kept = {}
        for name, value in answers.items():
            attribute = self._site.apps[app].named(name)
            ids = {label: str(id_) for id_, label in attribute.choices}
            kept[attribute.id] = ids.get(value, value)
        return kept

    def _named(self, number: str) -> Ticket:
        named = number.rpartition("/")[2]
        if not named.isdecimal() or (found := self._site.tickets.get(int(named))) is None:
            raise KeyError(f"no ticket is called {number}")
        return found

    def _group(self, name: str) -> Group:
        for group in self._site.groups.values():
            if group.name == name:
                return group
        made = Group(self._site.new_id(), name)
        self._site.groups[made.id] = made
        return made

    def _name(self, uid: str) -> str:
        return self._site.users[uid].user_name if uid in self._site.users else ""


def _fields(person: Person) -> dict[str, str]:
    return {
        "UserName": f"{person.user_name}@{DOMAIN}",
        "AuthenticationUserName": f"{person.user_name}@{DOMAIN}",
        "ExternalID": person.user_name,
        "FirstName": person.first_name,
        "LastName": person.last_name,
        "PrimaryEmail": person.email,
        "AlertEmail": person.email,
        "MobilePhone": person.number,
    }


def _text(entry: Entry) -> str:
    """What was said, without the line that tells of a change of status."""
    said = entry.body.partition("<br/><br/>")[2] if entry.kind == STATUS else entry.body
    return said.replace("<br/>", "\n")
