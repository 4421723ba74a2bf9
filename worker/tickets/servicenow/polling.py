"""Which rows are read: those that changed, those that are open, those of given ids or of one number."""

from collections.abc import Iterable
from datetime import datetime

from connectors.servicenow import stamps
from connectors.servicenow.query import Query
from connectors.servicenow.table import Keeps, Row, Rows, rows
from worker.tickets.servicenow import plain
from worker.tickets.servicenow.layout import TASK
from worker.tickets.servicenow.source import Source


def changed(source: Source, since: datetime) -> Rows:
    """Rows of ours that, or whose items, changed at `since` or later, whatever their state. One call for a page."""
    if _is_plain(source):
        return plain.changed(source, since)
    names, stamp = source.layout.stamps, stamps.text(since)

    def fits(row: Row) -> bool:
        return source.is_ours(row) and any(row.get(name, "") >= stamp for name in names)

    return source.read(source.ours().at_least(since, *names), fits)


def waiting(source: Source, keeps: Keeps) -> Rows:
    """Rows of ours that are open, however long ago they changed; of tens of thousands those that `keeps` picks."""
    if _is_plain(source):
        return plain.waiting(source, keeps)

    def fits(row: Row) -> bool:
        return source.is_ours(row) and row.get("active") == "true"

    return source.read(source.ours().equals("active", "true"), fits, keeps)


def of_ids(source: Source, ids: Iterable[str]) -> Rows:
    """Rows of ours with these sys_ids."""
    return source.read_listed("sys_id", ids)


def of_number(source: Source, number: str) -> Rows:
    """Rows of ours that have this number, or whose item or else request has it; without dot-walked conditions."""
    by_number = Query().equals("number", number)

    def has_number(row: Row) -> bool:
        return row.get("number") == number

    found = source.read(by_number, lambda row: source.is_ours(row) and has_number(row))
    if not found.fit and source.layout is TASK:
        found = source.read_listed(source.layout.item_reference, source.items(by_number, "number", has_number))
    if not found.fit:
        requests = rows(source.instance, "sc_request", by_number, ("sys_id", "number"), fits=has_number).fit
        found = source.read_listed(source.layout.item_reference, _items_of(source, requests))
    return found


def _items_of(source: Source, requests: list[Row]) -> list[str]:
    ids = {row["sys_id"] for row in requests}
    if not ids:
        return []
    return source.items(Query().one_of("request", sorted(ids)), "request", lambda row: row.get("request") in ids)


def _is_plain(source: Source) -> bool:
    return source.settings.plain_queries and source.layout is TASK
