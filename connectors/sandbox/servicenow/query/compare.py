"""One condition on one kept value: how each operator compares, by the field's type (§3.3)."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Final

from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.schema import DATES, Field

Check = Callable[[str], bool]
BOOLEANS: Final = {"true": "true", "false": "false", "1": "true", "0": "false"}
PRESENCE: Final[Mapping[str, Check]] = {
    "ISEMPTY": lambda value: not value,
    "ISNOTEMPTY": bool,
    "ANYTHING": lambda _: True,
}


def check(field: Field, operator: str, operand: str, *, ignore_case: bool = False) -> Check:
    """Tells of a kept value whether it fulfils the condition. An operand that the type can't hold: none does."""
    match operator:
        case "ISEMPTY" | "ISNOTEMPTY" | "ANYTHING":
            return PRESENCE[operator]
        case "IN" | "NOT IN" | "=" | "!=":
            return _membership(field, operator, operand, ignore_case=ignore_case)
        case "BETWEEN":
            low, _, high = operand.partition("@")
            at_least, at_most = _range(field, ">=", low), _range(field, "<=", high)
            return lambda value: at_least(value) and at_most(value)
        case ">" | ">=" | "<" | "<=":
            return _range(field, operator, operand)
        case _:
            return _text(operator, operand, ignore_case=ignore_case)


def typed(field: Field, text: str) -> str | None:
    """A literal as the field keeps it; None where its type can't."""
    if field.kind in DATES:
        return dates.entered(text, UTC)
    if field.kind == "boolean":
        return BOOLEANS.get(text)
    if field.kind == "integer":
        number = _number(text)
        return None if number is None else str(number)
    return text


def _membership(field: Field, operator: str, operand: str, *, ignore_case: bool) -> Check:
    words = operand.split(",") if operator.endswith("IN") else [operand]
    wanted = {kept for word in words if (kept := "" if not word else typed(field, word)) is not None}
    if not wanted:  # a bad value on a real field: no rows, and no error (§3.3)
        return lambda _: False
    if ignore_case:
        wanted = {word.lower() for word in wanted}
        return lambda value: (value.lower() in wanted) == (operator in ("=", "IN"))
    if operator in ("=", "IN"):
        return wanted.__contains__
    return lambda value: value not in wanted


def _range(field: Field, operator: str, operand: str) -> Check:
    bound = typed(field, operand)
    if bound is None:
        return lambda _: False
    if field.kind == "integer":
        return _number_range(operator, int(bound))
    match operator:
        case ">":
            return bound.__lt__
        case ">=":
            return bound.__le__
        case "<":
            return lambda value: "" < value < bound
        case _:
            return lambda value: "" < value <= bound


def _number_range(operator: str, bound: int) -> Check:
    compare: dict[str, Callable[[int], bool]] = {
        ">": bound.__lt__,
        ">=": bound.__le__,
        "<": bound.__gt__,
        "<=": bound.__ge__,
    }
    holds = compare[operator]
    return lambda value: (number := _number(value)) is not None and holds(number)


def _text(operator: str, operand: str, *, ignore_case: bool) -> Check:
    if ignore_case:
        inner = _text(operator, operand.lower(), ignore_case=False)
        return lambda value: inner(value.lower())
    match operator:
        case "STARTSWITH":
            return lambda value: value.startswith(operand)
        case "ENDSWITH":
            return lambda value: value.endswith(operand)
        case "LIKE" | "CONTAINS":
            return lambda value: operand in value
        case _:
            return lambda value: operand not in value


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
