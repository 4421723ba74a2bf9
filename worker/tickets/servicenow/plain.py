"""The same rows from an instance that doesn't heed dot-walked conditions: each table is asked by its own fields.

A task doesn't say by itself which catalogue item it is of: those that changed are read whatever their item, and the
others' are put aside here. They were asked for, so they aren't foreign.
"""

from datetime import datetime

from connectors.servicenow import stamps
from connectors.servicenow.query import Query
from connectors.servicenow.table import Keeps, Row, Rows
from worker.tickets.servicenow.source import Source, together


def changed(source: Source, since: datetime) -> Rows:
    """Two calls where nothing is new, and one more where an item changed and its task didn't."""
    window, stamp = Query().at_least(since, "sys_updated_on"), stamps.text(since)

    def in_window(row: Row) -> bool:
        return row.get("sys_updated_on", "") >= stamp

    items = source.items(window, "sys_updated_on", in_window)
    tasks = source.read(window, in_window)
    own = [row for row in tasks.fit if source.is_ours(row)]
    reference = source.layout.item_reference
    read = {row["sys_id"] for row in own}
    others = source.read_listed(reference, set(items) - {row[reference] for row in own})
    others.fit = [row for row in others.fit if row["sys_id"] not in read]
    return together(Rows(own, tasks.foreign, tasks.whole), others)


def waiting(source: Source, keeps: Keeps) -> Rows:
    """One call for the open items, one for 100 of their tasks."""
    active = Query().equals("active", "true")

    def is_active(row: Row) -> bool:
        return row.get("active") == "true"

    items = source.items(active, "active", is_active)
    return source.read_listed(source.layout.item_reference, items, active, is_active, keeps)
