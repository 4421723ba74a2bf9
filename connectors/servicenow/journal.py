"""Comments and work notes, with the author by the system's own record of the entry (ServiceNow facts §1.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from connectors.errors import Unavailable
from connectors.servicenow import stamps
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query
from connectors.servicenow.related import related
from connectors.servicenow.table import Row

TABLE: Final = "sys_journal_field"


@dataclass(frozen=True)
class Entry:
    """One entry. `record` is the sys_id of what it was written on; `author` is a user name."""

    sys_id: str
    record: str
    element: Literal["comments", "work_notes"]
    at: datetime
    author: str
    text: str


def entries(instance: Instance, records: Iterable[str]) -> tuple[Entry, ...]:
    """All comments and work notes on `records`, oldest first. One call for 200 records."""
    kinds = Query().one_of("element", ("comments", "work_notes"))
    fields = ("element", "value", "sys_created_on", "sys_created_by")
    found = related(instance, TABLE, "element_id", records, fields, also=kinds)
    read = [entry for row in found if (entry := _entry(row))]
    return tuple(sorted(read, key=lambda entry: (entry.at, entry.sys_id)))


def _entry(row: Row) -> Entry | None:
    """None for another kind of entry."""
    at = stamps.moment(row.get("sys_created_on", ""))
    if at is None:
        raise Unavailable(SYSTEM, f"{TABLE}: an entry without a date")
    match row.get("element"):
        case "comments" | "work_notes" as element:
            author, text = row.get("sys_created_by", ""), row.get("value", "")
            return Entry(row["sys_id"], row["element_id"], element, at, author, text)
        case _:
            return None
