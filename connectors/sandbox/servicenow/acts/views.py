"""A request as tests and demonstrations look at it: names instead of ids, journals included."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from re import DOTALL, split

from connectors.sandbox.servicenow.acts.handling import record_named
from connectors.sandbox.servicenow.instance import Instance
from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.records.variables import answers


@dataclass(frozen=True)
class Entry:
    """One journal entry. `author` is a user name."""

    at: datetime
    kind: str  # "comments" or "work_notes"
    author: str
    text: str

    @property
    def html(self) -> str:
        """As a browser gets it: text is escaped, what stands between `[code]` and `[/code]` isn't (§1.4)."""
        parts = split(r"\[code\](.*?)\[/code\]", self.text, flags=DOTALL)
        return "".join(part if index % 2 else escape(part) for index, part in enumerate(parts))


def journal(instance: Instance, name: str) -> list[Entry]:
    """All entries of one record, in the order in which they were written."""
    record = record_named(instance, name)
    return [
        Entry(
            dates.moment(entry.values["sys_created_on"]),
            entry.values["element"],
            entry.values["sys_created_by"],
            entry.values["value"],
        )
        for entry in instance.store.having("sys_journal_field", "element_id", (record.sys_id,))
    ]


def ticket(instance: Instance, name: str) -> dict[str, object]:
    """A task with its item and request, by the task's number or sys_id."""
    task = record_named(instance, name)
    item = record_named(instance, task.values["request_item"])
    request = record_named(instance, task.values["request"])
    entries = journal(instance, task.sys_id)
    return {
        **task.values,
        "assigned_to": _user(instance, task, "assigned_to"),
        "closed_by": _user(instance, task, "closed_by"),
        "opened_by": _user(instance, item, "opened_by"),
        "requested_for": _user(instance, item, "requested_for"),
        "assignment_group": _text(instance, "sys_user_group", task.values["assignment_group"], "name"),
        "approval": item.values["approval"],
        "item": item.values["number"],
        "item_state": item.values["state"],
        "request": request.values["number"],
        "request_state": request.values["request_state"],
        "variables": {found.name: found.option.values["value"] for found in answers(instance.store, item)},
        "comments": [entry.text for entry in entries if entry.kind == "comments"],
        "work_notes": [entry.text for entry in entries if entry.kind == "work_notes"],
    }


def _user(instance: Instance, record: Record, field: str) -> str:
    return _text(instance, "sys_user", record.values[field], "user_name")


def _text(instance: Instance, table: str, sys_id: str, field: str) -> str:
    record = instance.store.find(table, sys_id)
    return "" if record is None else record.values[field]
