"""Rows that belong to records: journal entries of tasks, approvers of items, members of groups."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from connectors.errors import Misconfigured
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import MAX_IDS, Query
from connectors.servicenow.table import Row, rows

PAGE: Final = 1000  # rows; they are small, and one record has many of them
ALL: Final = Query()


def related(
    instance: Instance, table: str, reference: str, ids: Iterable[str], fields: Sequence[str], *, also: Query = ALL
) -> list[Row]:
    """All rows of `table` whose `reference` is among `ids`; one call for 200 of them.

    `also` narrows the query, and is for the caller to check. Raises `Misconfigured` where the condition on `reference`
    isn't heeded, so that what came may not be all.
    """
    wanted = sorted(set(ids))
    found: list[Row] = []
    for start in range(0, len(wanted), MAX_IDS):
        some = wanted[start : start + MAX_IDS]
        query, fits = also.one_of(reference, some), _belongs(reference, some)
        got = rows(instance, table, query, ("sys_id", reference, *fields), fits=fits, page_size=PAGE)
        if not got.whole:
            raise Misconfigured(SYSTEM, f"{table}: the condition on {reference} isn't heeded")
        found += got.fit
    return found


def _belongs(reference: str, ids: Iterable[str]) -> Callable[[Row], bool]:
    wanted = frozenset(ids)
    return lambda row: row.get(reference) in wanted
