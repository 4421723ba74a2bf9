"""Rows, asked: whether all conditions of one hold, and what each of them saw."""

from collections.abc import Iterable

from rules.decision import RowTrace, Tried
from rules.expression import Expression, ExpressionFailed
from rules.facts import Facts
from rules.rows import Row, Table


def asked(file: str, row: str, when: Iterable[Expression], facts: Facts) -> RowTrace:
    """All conditions are asked, also after one that doesn't hold, so that the trace is whole.

    Raises:
        ExpressionFailed: One can't be told; the text names `row`.
    """
    try:
        tried = tuple(Tried(condition.text, condition.holds(facts), condition.seen(facts)) for condition in when)
    except ExpressionFailed as failed:
        raise ExpressionFailed(f"row `{row}` of {file}: {failed}") from failed
    return RowTrace(file, row, all(one.held for one in tried), tried)


def first_match(table: Table, facts: Facts) -> Row:
    """The first row of `table` that matches, whatever proof it needs. Raises as `asked`."""
    return next(row for row in table.rows if asked(table.file, row.id, row.when, facts).matched)
