"""One condition of a table, in a typed language: rule-engine's, cut down by `rules.grammar`."""

from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from rule_engine import Context, EngineError, Rule, RuleSyntaxError, resolve_attribute, type_resolver_from_dataclass
from rule_engine.errors import AttributeResolutionError, SymbolResolutionError

from rules.facts import Facts
from rules.fields import fields_of
from rules.grammar import facts_asked
from rules.operand import ExpressionRefused, unknown_fact
from rules.shown import shown

_LONGEST = 300
_POWERS = ("**", "<<", ">>")  # rule-engine works constants out while it reads: one of these could take for ever

_FAILURES = (EngineError, ArithmeticError, AttributeError, TypeError, ValueError)


class ExpressionFailed(Exception):
    """A condition that raised while it was asked: neither a yes nor a no, and to be taken for neither."""


@dataclass(frozen=True)
class Seen:
    """A fact that a condition looked at, by its longest dotted name, and its value in words."""

    name: str
    value: str


class Expression:
    """A condition over `Facts`. Safe to share between threads.

    Raises:
        ExpressionRefused: It can't be used; nothing of that kind is left to find out when it is asked.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._rule = _parsed(text)
        asked = facts_asked(self._rule.statement.expression)
        self.asks = tuple(dict.fromkeys(asked))  # the facts it looks at, by their longest dotted names
        self._values = tuple((name, attrgetter(name)) for name in self.asks)

    def holds(self, facts: Facts) -> bool:
        """Whether it is true of `facts`.

        Raises:
            ExpressionFailed: It can't be told.
        """
        try:
            answer = self._rule.evaluate(facts)
        except _FAILURES as error:
            raise self._failed(error) from error
        if not isinstance(answer, bool):
            raise ExpressionFailed(f"`{self.text}` is neither true nor false")
        return answer

    def seen(self, facts: Facts) -> tuple[Seen, ...]:
        """What it looks at, whether or not the answer needed all of it. Raises as `holds`."""
        try:
            return tuple(Seen(name, shown(value(facts))) for name, value in self._values)
        except _FAILURES as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> ExpressionFailed:
        reason = getattr(error, "message", str(error))
        return ExpressionFailed(f"`{self.text}` can't be told: {reason}")


@cache
def _context() -> Context:
    resolver = type_resolver_from_dataclass(Facts)
    return Context(resolver=resolve_attribute, type_resolver=resolver, default_timezone="utc")


def _parsed(text: str) -> Rule:
    if len(text) > _LONGEST:
        raise ExpressionRefused(f"is longer than {_LONGEST} characters; make a part of it a fact of its own")
    if any(power in text for power in _POWERS):
        raise ExpressionRefused("reckons; a condition only compares")
    try:
        return Rule(text, _context())
    except SymbolResolutionError as error:
        raise ExpressionRefused(unknown_fact(error.symbol_name, fields_of(Facts))) from error
    except AttributeResolutionError as error:
        names = getattr(error.object, "attributes", None) or {"is_empty": None}
        raise ExpressionRefused(unknown_fact(error.attribute_name, names)) from error
    except RuleSyntaxError as error:
        where = f"from `{text[error.token.lexpos :]}` on" if error.token else "to its end, as it breaks off"
        raise ExpressionRefused(f"can't be read {where}") from error
    except (EngineError, ArithmeticError, ValueError) as error:
        reason = getattr(error, "message", str(error)).replace("data type mismatch", "types don't fit")
        raise ExpressionRefused(f"can't be read: {reason}") from error
