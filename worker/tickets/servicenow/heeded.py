"""Whether the instance heeds dot-walked conditions, shown by rows that must not come."""

from datetime import UTC, datetime
from typing import Final

from connectors.errors import Misconfigured
from connectors.servicenow.query import Query
from connectors.servicenow.table import page
from worker.tickets.servicenow.layout import TASK
from worker.tickets.servicenow.source import Source

FAR: Final = datetime(2999, 1, 1, tzinfo=UTC)
NO_ITEM: Final = "0" * 32


def heeds_dot_walk(source: Source) -> bool | None:
    """Whether conditions on the item's fields hold rows back; None where there is no row to be held back.

    Where they aren't understood, or not allowed, `plain_queries` has to be on.
    """
    where = source.layout
    if where is not TASK:
        return True
    if not _comes(source, Query()):
        return None
    impossible = (
        Query().equals(f"{where.item}cat_item", NO_ITEM),
        source.ours().at_least(FAR, f"{where.item}sys_updated_on"),
    )
    try:
        return not any(_comes(source, query) for query in impossible)
    except Misconfigured:
        return False


def _comes(source: Source, query: Query) -> bool:
    got = page(source.instance, source.layout.table, query, ("sys_id",), limit=1)
    return bool(got.rows or got.total)
