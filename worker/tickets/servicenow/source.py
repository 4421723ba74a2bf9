"""Reads rows of the table that is written to, and of the items they belong to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query
from connectors.servicenow.table import Keeps, Row, Rows, all_of_them, rows
from worker.tickets.servicenow.layout import ITEMS, Layout
from worker.tickets.servicenow.settings import TicketSettings

HIDDEN_AT_MOST: Final = 4
LISTED: Final = 100  # ids of one call: the names of the fields need their part of the longest URL

Fits = Callable[[Row], bool]


@dataclass(frozen=True)
class Source:
    """Where rows come from. Every reading goes through `rows`, which compares each row with what was asked for."""

    instance: Instance
    layout: Layout
    settings: TicketSettings

    def is_ours(self, row: Row) -> bool:
        """Whether the row is of one of our catalogue items."""
        return row.get(f"{self.layout.item}cat_item") in self.settings.items

    def ours(self) -> Query:
        """Rows of our catalogue items."""
        return Query().one_of(f"{self.layout.item}cat_item", self.settings.items)

    def read(self, query: Query, fits: Fits, keeps: Keeps = all_of_them) -> Rows:
        """Rows with all that a ticket is made of; a few that are hidden from the account are none of its business."""
        fields, table = self.layout.fields(self.settings), self.layout.table
        return rows(self.instance, table, query, fields, fits=fits, keeps=keeps, hidden_at_most=HIDDEN_AT_MOST)

    def read_listed(
        self,
        field: str,
        ids: Iterable[str],
        query: Query | None = None,
        fits: Fits | None = None,
        keeps: Keeps = all_of_them,
    ) -> Rows:
        """Rows of ours whose `field` is among `ids`, and for which `query` holds as `fits` tells."""
        found, wanted = Rows(), sorted(set(ids))
        for start in range(0, len(wanted), LISTED):
            some = frozenset(wanted[start : start + LISTED])
            asked = (query or Query()).one_of(field, sorted(some))
            got = self.read(asked, _all(self.is_ours, fits, _among(field, some)), keeps)
            found = together(found, got)
        return found

    def items(self, query: Query, field: str, fits: Fits) -> list[str]:
        """The sys_ids of our catalogue items' rows for which `query` on `field` holds as `fits` tells."""
        asked = query.one_of("cat_item", self.settings.items)

        def wanted(row: Row) -> bool:
            return row.get("cat_item") in self.settings.items and fits(row)

        got = rows(self.instance, ITEMS, asked, ("sys_id", "cat_item", field), fits=wanted)
        return [row["sys_id"] for row in got.fit]


def together(one: Rows, other: Rows) -> Rows:
    """What two queries brought."""
    return Rows(one.fit + other.fit, one.foreign + other.foreign, one.whole and other.whole)


def _among(field: str, ids: frozenset[str]) -> Fits:
    return lambda row: row.get(field) in ids


def _all(*conditions: Fits | None) -> Fits:
    return lambda row: all(condition(row) for condition in conditions if condition is not None)
