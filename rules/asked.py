"""One row, asked: whether all its conditions hold, and what each of them saw."""

from collections.abc import Iterable

from rules.decision import RowTrace, Tried
from rules.expression import Expression, ExpressionFailed
from rules.facts import Facts


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
