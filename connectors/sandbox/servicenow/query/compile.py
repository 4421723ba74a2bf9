"""A query's tree made into one question that can be asked of a record; what isn't understood is dropped (§3.3)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.query import compare, script
from connectors.sandbox.servicenow.query.parse import AllOf, AnyOf, Node, Related, Term
from connectors.sandbox.servicenow.records.schema import Field
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.records.walk import Path, resolve

Predicate = Callable[[Record], bool]
MATCHING: Final = frozenset({"=", "!=", "IN", "NOT IN", "ISEMPTY", "ISNOTEMPTY"})
"""Operators that the query ACL `query_match` covers; the others, and sorting, need `query_range`."""
SAMPLE: Final = 50
MANY: Final = 1000


@dataclass
class Question:
    """Compiles nodes for one caller and table. `dropped` tells afterwards whether anything was."""

    instance: Instance
    caller: Caller
    table: str
    dropped: bool = False
    of_many: bool = False  # whether to look through the tables at the end of references beforehand

    def matching(self, node: Node, rows: Iterable[Record]) -> list[Record]:
        """Those of the rows that fulfil a condition. Nothing left of it: all, or none if the instance is set so.

        Conditions that must all hold are asked one after the other, each of what the ones before left, those first
        that let few through.
        """
        nodes = [
            (part, holds)
            for part in (node.parts if isinstance(node, AllOf) else (node,))
            if (holds := self.compiled(part)) is not None
        ]
        if self.dropped and self.instance.switches.invalid_query_returns_no_rows:
            return []
        left = list(rows)
        sample = left[:: len(left) // SAMPLE + 1]
        for part, holds in sorted(nodes, key=lambda pair: sum(map(pair[1], sample))):
            asked = holds if len(left) < MANY else replace(self, of_many=True).compiled(part) or holds
            left = [record for record in left if asked(record)]
        return left

    def path(self, name: str) -> Path | None:
        """A field that a query may name; answers in the form can't be asked for (§2)."""
        path = resolve(self.instance.schema, self.table, name)
        if path is None or path.field is None:
            return None
        if path.hops and not self.instance.switches.dot_walked_conditions:
            return None
        return path

    def compiled(self, node: Node) -> Predicate | None:
        """One condition; None where nothing of it is understood."""
        match node:
            case AllOf(parts):
                return _all(self._kept(parts))
            case AnyOf(parts):
                return _any(self._kept(parts))
            case Related():
                return self._related(node)
            case Term():
                return self._term(node)

    def _kept(self, parts: Iterable[Node]) -> list[Predicate]:
        return [holds for part in parts if (holds := self.compiled(part)) is not None]

    def _term(self, term: Term) -> Predicate | None:
        path = self.path(term.field)
        if path is None or path.field is None:
            self.dropped = True
            return None
        if term.operator in ("SAMEAS", "NSAMEAS"):
            return self._same(path, term)
        value = script.evaluated(term.value, self.caller, self.instance.clock())
        holds = compare.check(path.field, term.operator, value, ignore_case=self.instance.switches.values_ignore_case)
        return self._reading(path, path.field, holds)

    def _reading(self, path: Path, field: Field, holds: compare.Check) -> Predicate:
        """The commonest depths spelt out: this is asked of every row of a table."""
        name, store = field.name, self.instance.store
        if not path.hops:
            return lambda record: holds(record.values[name])
        if len(path.hops) > 1:
            return lambda record: holds(path.text(store, record))
        hop, find = path.hops[0].name, store.finder(path.hops[0].table)
        if self.of_many and not holds(""):
            ends = store.every(path.hops[0].table)
            found = {end.values["sys_id"] for end in ends if holds(end.values[name])}
            return lambda record: record.values[hop] in found
        return lambda record: holds(there.values[name] if (there := find(record.values[hop])) is not None else "")

    def _same(self, path: Path, term: Term) -> Predicate | None:
        other = self.path(term.value)
        if other is None:
            self.dropped = True
            return None
        store, wanted = self.instance.store, term.operator == "SAMEAS"
        return lambda record: (path.text(store, record) == other.text(store, record)) is wanted

    def _related(self, node: Related) -> Predicate | None:
        schema = self.instance.schema
        if schema.field(node.table, node.field) is None or schema.field(self.table, node.own) is None:
            self.dropped = True
            return None
        question = replace(self, table=node.table, dropped=False)
        found = question.matching(node.where, self.instance.store.every(node.table))
        counted = Counter(record.values[node.field] for record in found)
        number = Field("count", "integer", "", {}, "")
        enough = compare.check(number, node.operator, str(node.count))
        return lambda record: enough(str(counted[record.values[node.own]]))


def _all(parts: list[Predicate]) -> Predicate | None:
    match parts:
        case []:
            return None
        case [only]:
            return only
        case [first, second]:
            return lambda record: first(record) and second(record)
        case _:
            return lambda record: all(part(record) for part in parts)


def _any(parts: list[Predicate]) -> Predicate | None:
    match parts:
        case []:
            return None
        case [only]:
            return only
        case [first, second]:
            return lambda record: first(record) or second(record)
        case _:
            return lambda record: any(part(record) for part in parts)
