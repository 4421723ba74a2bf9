"""What a condition may say: far less than rule-engine's language, so that a slip is refused when a table loads.

A condition is a true-or-false field; two values of one type compared; `in`; `and`, `or`, `not`; `$any` or `$all` of a
list's items. A value is a field or a literal. Refused are the readings that rule-engine lets pass: a word that isn't
one of a field's words, unlike types, a section as a condition, `$now`, `$random()`, places in lists, constants.
"""

from datetime import datetime, timedelta
from typing import Any

from rule_engine import ast

from rules.facts import Facts
from rules.fields import fields_of
from rules.operand import ExpressionRefused, Operand, Scope, check_alike, is_builtin, kind, operand, reason

_ORDERED = (int, timedelta, datetime)


def facts_asked(node: Any, scope: Scope | None = None) -> tuple[str, ...]:
    """The dotted facts that a condition asks, longest names, in its order.

    Raises:
        ExpressionRefused: It isn't a condition, or says what none may.
    """
    scope = scope or {}
    match node:
        case ast.LogicExpression():
            return facts_asked(node.left, scope) + facts_asked(node.right, scope)
        case ast.UnaryExpression(type="not"):
            return facts_asked(node.right, scope)
        case ast.FuzzyComparisonExpression():
            raise ExpressionRefused("compares by a pattern; only ==, !=, <, <=, >, >= and `in` can be asked")
        case ast.ComparisonExpression():
            return _comparison(node, scope)
        case ast.ContainsExpression():
            return _contains(node, scope)
        case ast.FunctionCallExpression():
            return _call(node, scope)
        case ast.BooleanExpression():
            raise ExpressionRefused(f"is always {str(node.value).lower()}, whatever the facts")
        case _:
            return _flag(node, scope)


def _flag(node: Any, scope: Scope) -> tuple[str, ...]:
    value = operand(node, scope)
    if value.type.of is not bool:
        raise ExpressionRefused(f"takes `{value.name}` for a condition, but it is {kind(value.type)}")
    return value.seen


def _comparison(node: Any, scope: Scope) -> tuple[str, ...]:
    left, right = operand(node.left, scope), operand(node.right, scope)
    check_alike(left, right)
    if isinstance(node, ast.ArithmeticComparisonExpression) and left.type.of not in _ORDERED:
        raise ExpressionRefused(f"asks which of `{left.name}` and `{right.name}` is greater, but neither can be")
    return left.seen + right.seen


def _contains(node: Any, scope: Scope) -> tuple[str, ...]:
    member = operand(node.member, scope)
    if isinstance(node.container, ast.ArrayExpression):
        return member.seen + _choices(member, node.container.value, scope)
    container = operand(node.container, scope)
    raise ExpressionRefused(f"asks what is in `{container.name}`, which is {kind(container.type)}; list values in [ ]")


def _choices(member: Operand, nodes: list[Any], scope: Scope) -> tuple[str, ...]:
    if not nodes:
        raise ExpressionRefused(f"asks whether `{member.name}` is in an empty list")
    choices = [operand(node, scope) for node in nodes]
    for choice in choices:
        check_alike(member, choice)
    return sum((choice.seen for choice in choices), ())


def _call(node: Any, scope: Scope) -> tuple[str, ...]:
    function = node.function
    if not is_builtin(function) or function.name not in {"any", "all"}:
        raise ExpressionRefused(reason(node))
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], ast.ComprehensionExpression):
        raise ExpressionRefused(f"needs ${function.name}([‹condition› for ‹name› in ‹list›])")
    return _comprehension(node.arguments[0], scope)


def _comprehension(node: Any, scope: Scope) -> tuple[str, ...]:
    items = operand(node.iterable, scope)
    if node.variable in scope or node.variable in fields_of(Facts):
        raise ExpressionRefused(f"gives the name `{node.variable}` to an item, but that is a fact's name already")
    inner = {**scope, node.variable: items.type.item or items.type}  # rule-engine refuses what isn't a list
    conditions = [part for part in (node.condition, node.result) if part is not None]
    return items.seen + sum((facts_asked(condition, inner) for condition in conditions), ())
