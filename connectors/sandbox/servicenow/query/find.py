"""The rows of a table that a query names, in its order (§3.3, §3.4)."""

from collections.abc import Callable, Iterable, Iterator
from zlib import crc32

from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.query.compile import Question
from connectors.sandbox.servicenow.query.parse import AllOf, Node, Order, Query, Term
from connectors.sandbox.servicenow.records.store import Record

Key = Callable[[Record], str | int]


def find(
    instance: Instance, caller: Caller, table: str, query: Query, *, limit: int, offset: int
) -> tuple[list[Record], int]:
    """One page of the rows that match, and how many match in all, before any ACL.

    Where there is more than one page, rows that the order doesn't tell apart come in another order on each.
    """
    question = Question(instance, caller, table)
    rows = question.matching(query.where, _candidates(instance, table, query.where))
    shuffled = instance.switches.shuffled_ties and len(rows) > limit
    ordered = _sorted(question, rows, query.order, offset if shuffled else None)
    return ordered[offset : offset + limit], len(rows)


def _candidates(instance: Instance, table: str, where: Node) -> Iterable[Record]:
    """A superset of what can match, by an index where a condition that must hold allows it."""
    terms = [part for part in where.parts if isinstance(part, Term)] if isinstance(where, AllOf) else []
    store = instance.store
    for term in terms:
        if instance.switches.values_ignore_case or "javascript:" in term.value:
            continue
        values = _values(term)
        if values and term.field == "sys_id":
            return _by_id(instance, table, values)
        if values and store.indexed(table, term.field):
            return store.having(table, term.field, values)
    for term in terms:
        if term.field == "sys_id" and term.operator == ">":
            return store.after(table, term.value)
    return store.every(table)


def _values(term: Term) -> tuple[str, ...]:
    match term.operator:
        case "=":
            return (term.value,)
        case "IN":
            return tuple(dict.fromkeys(term.value.split(",")))
        case _:
            return ()


def _by_id(instance: Instance, table: str, ids: Iterable[str]) -> Iterator[Record]:
    for sys_id in ids:
        record = instance.store.find(table, sys_id)
        if record is not None:
            yield record


def _sorted(question: Question, rows: list[Record], order: tuple[Order, ...], page: int | None) -> list[Record]:
    keys = [(key, each.descending) for each in order if (key := _key(question, each)) is not None]
    total = any(each.field == "sys_id" for each in order)
    if page is not None and not total:
        rows.sort(key=lambda record: crc32(f"{page}{record.sys_id}".encode()))
    for key, descending in reversed(keys):
        rows.sort(key=key, reverse=descending)
    return rows


def _key(question: Question, order: Order) -> Key | None:
    """An unknown field doesn't sort."""
    path = question.path(order.field)
    if path is None or path.field is None:
        return None
    store, name = question.instance.store, path.field.name
    if path.field.kind == "integer":
        return lambda record: int(path.text(store, record) or "-999999999")
    return (lambda record: path.text(store, record)) if path.hops else (lambda record: record.values[name])
