"""The values that a condition compares: a field of the facts, or a literal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rule_engine import ast

from rules.facts import Facts
from rules.fields import FieldType, fields_of, nearest
from rules.shown import worded

Scope = Mapping[str, FieldType]  # the names that `for` gives to a list's items

_KINDS: Mapping[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    timedelta: "a duration",
    datetime: "a time",
    tuple: "a list",
}
_LITERALS = (
    ast.StringExpression,
    ast.FloatExpression,
    ast.BooleanExpression,
    ast.TimedeltaExpression,
    ast.DatetimeExpression,
)


class ExpressionRefused(Exception):
    """A condition that no table may hold; the text says why and, for a mistyped name, which is the nearest."""


@dataclass(frozen=True)
class Operand:
    """`name` is what a sentence calls it, `seen` the dotted fact behind it, `literal` the text it stands for."""

    type: FieldType
    name: str
    seen: tuple[str, ...] = ()
    literal: str | None = None


def operand(node: Any, scope: Scope) -> Operand:
    """What `node` of rule-engine's syntax tree stands for.

    Raises:
        ExpressionRefused: It is neither a field nor a literal.
    """
    if isinstance(node, _LITERALS):
        return _literal(node)
    path = _path(node)
    if path is None:
        raise ExpressionRefused(reason(node))
    return _field(path, scope)


def check_alike(one: Operand, other: Operand) -> None:
    """That they can be equal: of one type, and a word among the field's words."""
    if one.type.of is not other.type.of or one.type.of not in _KINDS or one.type.of is tuple:
        raise ExpressionRefused(f"compares `{one.name}` ({kind(one.type)}) with `{other.name}` ({kind(other.type)})")
    _check_word(one, other)
    _check_word(other, one)


def kind(type_: FieldType) -> str:
    return _KINDS.get(type_.of, "a section")


def unknown_fact(name: str, names: Mapping[str, object]) -> str:
    return f"there is no fact `{name}`; the nearest is `{nearest(name, names)}`"


def is_builtin(node: Any) -> bool:
    return isinstance(node, ast.SymbolExpression) and node.scope is not None


def reason(node: Any) -> str:
    """Why `node` may not stand where a field or literal is wanted."""
    match node:
        case ast.FunctionCallExpression():
            return f"calls `{_called(node.function)}`; only `$any([…])` and `$all([…])` can be called, as conditions"
        case ast.SymbolExpression():
            return f"asks `${node.name}`, which isn't among the facts"
        case ast.GetAttributeExpression():
            return _safe_access(node) if node.safe else reason(node.object)
        case ast.GetItemExpression() | ast.GetSliceExpression():
            return "takes items of a list by their place; ask `$any([‹condition› for ‹name› in ‹list›])`"
        case _:
            return "says more than a condition may; make it a fact of its own"


def _literal(node: Any) -> Operand:
    value = node.value
    if isinstance(node, ast.FloatExpression):
        if not value.is_finite() or value != value.to_integral_value():
            raise ExpressionRefused(f"says {value}, but the facts' numbers are whole")
        return Operand(FieldType(int), str(value))
    if isinstance(value, str):
        return Operand(FieldType(str), repr(value), literal=value)
    return Operand(FieldType(type(value)), worded(value))


def _field(path: tuple[str, ...], scope: Scope) -> Operand:
    known = {**fields_of(Facts), **scope}
    field, seen = known.get(path[0]), path
    if field is None:
        raise ExpressionRefused(unknown_fact(path[0], known))
    for depth, name in enumerate(path[1:], start=1):
        if field.of is tuple and name == "is_empty":
            field, seen = FieldType(bool), path[:depth]
            continue
        names = fields_of(field.of)
        if name not in names:
            raise ExpressionRefused(f"asks `{'.'.join(path)}`, but `{'.'.join(path[:depth])}` is {kind(field)}")
        field = names[name]
    return Operand(field, ".".join(path), () if path[0] in scope else (".".join(seen),))


def _path(node: Any) -> tuple[str, ...] | None:
    if isinstance(node, ast.SymbolExpression) and not is_builtin(node):
        return (str(node.name),)
    if isinstance(node, ast.GetAttributeExpression) and not node.safe:
        path = _path(node.object)
        return None if path is None else (*path, str(node.name))
    return None


def _check_word(field: Operand, other: Operand) -> None:
    if not field.type.words:
        return
    if other.literal is None:
        raise ExpressionRefused(f"compares `{field.name}` with `{other.name}`; it can only be one of its own words")
    if other.literal not in field.type.words:
        best = nearest(other.literal, field.type.words)
        raise ExpressionRefused(f"`{field.name}` is never {other.literal!r}; the nearest word is '{best}'")


def _safe_access(node: Any) -> str:
    return f"asks for `{node.name}` with `&.`, but no fact is ever missing; write `.`"


def _called(function: Any) -> str:
    name = str(getattr(function, "name", "…"))
    return f"${name}" if is_builtin(function) else name
