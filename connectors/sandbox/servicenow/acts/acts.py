"""What people do at the help site in their browsers, and how tests look at what came of it."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.acts import filing, handling, people, views
from connectors.sandbox.servicenow.acts.filing import Filed, Form, Ref
from connectors.sandbox.servicenow.acts.views import Entry
from connectors.sandbox.servicenow.instance import Instance

ENROLMENT_ITEM: Final = "d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f"
RESET_ITEM: Final = "e1f2a3b4c5d6e7f8091a2b3c4d5e6f70"
ITEMS: Final[Mapping[str, str]] = {"enrolment": ENROLMENT_ITEM, "password reset": RESET_ITEM}


class Acts:
    """Acts on one instance, under its lock.

    Records are named by number or sys_id, users by user name or sys_id. Methods raise KeyError for what isn't there.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._lock = threading.RLock()

    def add_person(self, person: Person) -> str:
        """A user with the person's groups; their sys_id."""
        with self._lock:
            return people.add_person(self._instance, person).sys_id

    def add_group(self, name: str, members: Iterable[str] = ()) -> str:
        """The group, made if it doesn't exist, with these members added; its sys_id."""
        with self._lock:
            return people.add_group(self._instance, name, members).sys_id

    def set_user(self, user: str, **fields: str) -> None:
        """Set fields of a user, time_zone or u_hr_phone for instance."""
        with self._lock:
            self._instance.store.put(people.user_named(self._instance, user), fields)

    def insert(self, table: str, values: Mapping[str, str]) -> str:
        """A row of any table exactly as given, past all rules; its sys_id."""
        with self._lock:
            return self._instance.store.add(table, values).sys_id

    def file_request(
        self,
        person: Person | str,
        answers: Mapping[str, str],
        *,
        opener: str | None = None,
        approval: str = "not requested",
        item: str = "enrolment",
        at: datetime | None = None,
        watch_list: str = "",
    ) -> Filed:
        """Fill in and submit a form; `opener` None: the person did it, `at` None: now.

        `item` is one of `ITEMS`, or the sys_id of any other.
        """
        name = person if isinstance(person, str) else person.user_name
        form = Form(name, opener or name, answers, approval, ITEMS.get(item, item), watch_list)
        with self._lock:
            return filing.file_request(self._instance, form, at)

    def add_task(self, item: str, by: str, short_description: str) -> Ref:
        """One more task for an item."""
        with self._lock:
            record, hand = handling.record_named(self._instance, item), people.hand_of(self._instance, by)
            return filing.add_task(self._instance, hand, record, short_description)

    def comment(self, record: str, author: str, text: str) -> None:
        """What the requester reads."""
        self._note(record, author, "comments", text)

    def work_note(self, record: str, author: str, text: str) -> None:
        """What only staff reads."""
        self._note(record, author, "work_notes", text)

    def _note(self, record: str, author: str, element: str, text: str) -> None:
        with self._lock:
            handling.write_note(self._instance, record, author, element, text)

    def ask_approval(self, item: str, approver: str) -> None:
        """Ask somebody to approve an item."""
        with self._lock:
            handling.ask(self._instance, item, approver)

    def approve(self, item: str, approver: str) -> None:
        """Approve an item."""
        with self._lock:
            handling.decide(self._instance, item, approver, "approved")

    def reject(self, item: str, approver: str) -> None:
        """Reject an item."""
        with self._lock:
            handling.decide(self._instance, item, approver, "rejected")

    def assign(self, task: str, user: str, *, by: str | None = None) -> None:
        """Assign to a user, by himself if nobody else is named; an empty name assigns to nobody."""
        with self._lock:
            handling.assign(self._instance, task, user, by or user or "admin")

    def close(self, task: str, by: str, *, how: Literal["complete", "incomplete", "skipped"] = "complete") -> None:
        """Close a task, item or request."""
        self.set_fields(task, by, state=handling.CLOSED[how])

    def cancel(self, item: str, by: str) -> None:
        """Close an item and all its open tasks as incomplete."""
        with self._lock:
            handling.cancel(self._instance, item, by)

    def set_fields(self, record: str, by: str, **fields: str) -> None:
        """Save a record with other raw values."""
        with self._lock:
            handling.set_fields(self._instance, record, by, fields)

    def edit_answer(self, item: str, name: str, value: str, *, by: str = "admin") -> None:
        """Change an answer in a filed form."""
        with self._lock:
            handling.edit_answer(self._instance, item, name, value, by)

    def ticket(self, task: str) -> dict[str, Any]:
        """A task with its item and request; names instead of ids, journals as lists of texts."""
        with self._lock:
            return views.ticket(self._instance, task)

    def journal(self, record: str) -> list[Entry]:
        """All comments and work notes of one record, in order."""
        with self._lock:
            return views.journal(self._instance, record)

    def row(self, record: str) -> dict[str, str]:
        """A task, item or request as it is kept."""
        with self._lock:
            return dict(handling.record_named(self._instance, record).values)
