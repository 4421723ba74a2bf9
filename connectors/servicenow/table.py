"""Rows of one table: pages that miss none and hold no strangers, and one patch that is checked.

Parts of a query that aren't understood are ignored, and limit and count include rows that the account may not see
(ServiceNow facts §3.2–3.4): so every row is compared with what was asked for, and a short page is not the end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.reading import reading
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query, UnfitForQuery, field_name, sys_id
from connectors.servicenow.write import Write, write_of

JOURNALS: Final = frozenset({"comments", "work_notes", "comments_and_work_notes"})

Row = Mapping[str, str]
"""Raw values by field, dot-walked names as asked for; a reference is its sys_id; what can't be read is absent."""


@dataclass(frozen=True)
class Page:
    """One answer: its rows, the instance's count of all rows of the query (None: not told), and its clock."""

    rows: tuple[Row, ...]
    total: int | None
    date: str


@dataclass
class Rows:
    """What a query brought. `foreign` rows came without being asked for and aren't among `fit`.

    Not `whole`: so many were foreign that reading was given up, and rows that fit may be missing.
    """

    fit: list[Row] = field(default_factory=list)
    foreign: int = 0
    whole: bool = True


Keeps = Callable[[list[Row]], list[Row]]
"""Which rows of a page are of use."""


def all_of_them(rows: list[Row]) -> list[Row]:
    """Every row is."""
    return rows


class Dropped(Refused):
    """ServiceNow answered well and didn't take over some fields; `row` is the record as it stands now."""

    def __init__(self, fields: Sequence[str], row: Row) -> None:
        super().__init__(SYSTEM, "dropped", f"not taken over: {', '.join(fields)}")
        self.row = row


def rows(
    instance: Instance,
    table: str,
    query: Query,
    fields: Sequence[str],
    *,
    fits: Callable[[Row], bool],
    keeps: Keeps = all_of_them,
    page_size: int | None = None,
    hidden_at_most: int = 0,
) -> Rows:
    """All rows of `query` that `fits` finds asked for, by sys_id, which `fields` must name. No row comes twice.

    Of each page's, those that `keeps` picks; the others don't take room.

    Given up once more rows than a page holds are foreign: the query is being ignored, the table may be endless. Up to
    `hidden_at_most` rows may all be hidden from the account without that being its settings' fault.

    Raises:
        Unavailable: An answer was missing, cut short or came twice.
        Misconfigured: There are rows, and the account may see none of them.
    """
    found, texts = Rows(), dict[str, str]()
    limit = page_size or instance.page_size
    for new in _pages(instance, table, query, fields, limit=limit, hidden_at_most=hidden_at_most):
        fitting = [row for row in new if fits(row)]
        found.fit += [_sharing(texts, row) for row in keeps(fitting)]
        found.foreign += len(new) - len(fitting)
        if found.foreign > limit:
            found.whole = False
            break
    return found


def page(instance: Instance, table: str, query: Query, fields: Sequence[str], *, limit: int, offset: int = 0) -> Page:
    """One answer to `query` as it comes: its rows aren't compared with what was asked for."""

    def ask() -> Page:
        names = [field_name(name) for name in fields]
        answer = instance.table(table).get(
            str(query), fields=names, limit=limit, offset=offset, exclude_reference_link=True
        )
        total = answer.headers.get("X-Total-Count", "")
        return Page(
            rows=tuple(_row(row, table) for row in _list(answer.all(), table)),
            total=int(total) if total.isascii() and total.isdigit() else None,
            date=answer.headers.get("Date", ""),
        )

    return reading(instance.stop)(ask)


def patch(instance: Instance, table: str, record: str, fields: Mapping[str, str], answer_fields: Sequence[str]) -> Row:
    """Write `fields` to one record, once, and answer it as it stands afterwards; journal fields append.

    With `instance.batch` it may go in one call with what other threads write; what is said here holds all the same.
    The answer shows values after the instance's own rules ran, and somebody else's change in a field that wasn't sent.
    Names of fields are in error texts, values never.

    Raises:
        Dropped: Some fields don't hold what was sent; the others, and the notes, were written.
        Refused: Nothing was written, for ServiceNow's own reason.
        Uncertain: It may have been written.

    Source: PATCH /api/now/table/{table}/{sys_id} (ServiceNow facts §3.6)
    """
    write = write_of(table, record, fields, answer_fields)
    result = _patched(instance, write) if instance.batch is None else instance.batch.patch(write)
    match result if isinstance(result, list) else [result]:
        case [{"sys_id": str(answered)} as values] if answered == record:
            row = _texts(values)
        case _:
            raise Uncertain(SYSTEM, f"{table}: the answer isn't the record that was written")
    dropped = [name for name in fields if name not in JOURNALS and row.get(name, "") != fields[name]]
    if dropped:
        raise Dropped(dropped, row)
    return row


def _patched(instance: Instance, write: Write) -> Any:
    resource = instance.table(write.table)
    resource.parameters.fields = list(write.shown)
    resource.parameters.exclude_reference_link = True
    return resource.request("PATCH", path_append=f"/{write.record}", data=write.body.reveal()).all()


def _pages(
    instance: Instance, table: str, query: Query, fields: Sequence[str], *, limit: int, hidden_at_most: int
) -> Iterator[list[Row]]:
    """The new rows of page after page: past the last row seen, or past a page that shows none of its rows."""
    ordered, seen, offset = query.ordered_by("sys_id"), set[str](), 0
    rest = ordered
    while True:
        got = page(instance, table, rest, fields, limit=limit, offset=offset)
        if (got.total or 0) > hidden_at_most and not got.rows and not seen:
            raise Misconfigured(SYSTEM, f"the account may not read {table}: of {got.total} rows it is shown none")
        new = [row for row in got.rows if row["sys_id"] not in seen]
        if got.rows and not new:
            raise Unavailable(SYSTEM, f"{table}: the same page came twice")
        yield new
        if _is_last(got, limit, offset):
            return
        seen.update(row["sys_id"] for row in new)
        offset = 0 if new else offset + limit
        rest = ordered.greater("sys_id", new[-1]["sys_id"]) if new else rest


def _is_last(got: Page, limit: int, offset: int) -> bool:
    if got.total is None:
        return not got.rows
    return offset + (len(got.rows) or limit) >= got.total


def _list(result: Any, table: str) -> list[Any]:
    if not isinstance(result, list) or not all(isinstance(row, dict) for row in result):
        raise Unavailable(SYSTEM, f"{table}: the result is no list of rows")
    return result


def _row(values: Mapping[str, Any], table: str) -> Row:
    row = _texts(values)
    try:
        sys_id(row.get("sys_id", ""))
    except UnfitForQuery as error:
        raise Unavailable(SYSTEM, f"{table}: a row without a sys_id") from error
    return row


def _sharing(texts: dict[str, str], row: Row) -> Row:
    """The row with texts that other rows have too: thousands of rows say the same few things."""
    return {name: texts.setdefault(text, text) for name, text in row.items()}


def _texts(values: Mapping[str, Any]) -> Row:
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    if isinstance(value, dict):  # a reference or a value with its display form
        value = value.get("value")
    return "" if value is None else str(value)
