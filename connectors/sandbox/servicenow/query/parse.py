"""The encoded query, read into a tree (ServiceNow facts §3.3).

`^` joins with AND, `^OR` binds to the term before it, `^NQ` starts another group of which one must hold;
brackets group, where they are balanced. What can't be read becomes a `Term` without a field, which nothing matches
against: the next stage drops it as it drops unknown fields.
"""

import re
from dataclasses import dataclass, field
from typing import Final

OPERATORS: Final = (
    "NOT IN", "NOT LIKE", "DOES NOT CONTAIN", "ISNOTEMPTY", "ISEMPTY", "STARTSWITH", "ENDSWITH", "CONTAINS",
    "BETWEEN", "NSAMEAS", "SAMEAS", "LIKE", "IN", "ANYTHING", ">=", "<=", "!=", "=", ">", "<",
)  # fmt: skip
TERM: Final = re.compile(rf"([A-Za-z0-9_.-]+?)({'|'.join(OPERATORS)})(.*)", re.DOTALL)
JOIN: Final = re.compile(r"JOIN(\w+)\.(\w+)=(\w+)\.(\w+)!(.*)", re.DOTALL)
RELATED: Final = re.compile(r"RLQUERY(\w+)\.(\w+),(=|!=|>=|<=|>|<)?(\d+)(?:,m2m)?")


@dataclass(frozen=True)
class Term:
    """One condition; an empty `field` is one that couldn't be read."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True)
class AllOf:
    """Each part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    """One part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Related:
    """So many records of `table` point here with `field` and fulfil `where` (JOIN and RLQUERY)."""

    own: str  # the field here that they point at
    table: str
    field: str
    operator: str
    count: int
    where: "Node"


Node = Term | AllOf | AnyOf | Related


@dataclass(frozen=True)
class Order:
    """One sort key."""

    field: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """A whole encoded query."""

    where: Node
    order: tuple[Order, ...]


def parse(text: str, *, double_caret_is_a_caret: bool = False) -> Query:
    """Never fails: what isn't understood stays in the tree as an unreadable term."""
    if double_caret_is_a_caret:
        words = [word.replace("\0", "^") for word in text.replace("^^", "\0").split("^")]
    else:
        words = text.split("^")
    reader = _Reader(words)
    return Query(reader.groups(), tuple(reader.order))


@dataclass
class _Reader:
    words: list[str]
    order: list[Order] = field(default_factory=list)

    def groups(self, *, nested: bool = False) -> Node:
        """Up to the end, or to the bracket that closes what `nested` opened."""
        groups: list[list[Node]] = [[]]
        while self.words:
            word = self.words.pop(0)
            closes = nested and word.count(")") > word.count("(")
            self._take(word[:-1] if closes and word.endswith(")") else word, groups)
            if closes:
                break
        filled = [AllOf(tuple(group)) for group in groups if group]
        return filled[0] if len(filled) == 1 else AnyOf(tuple(filled)) if filled else AllOf(())

    def _take(self, word: str, groups: list[list[Node]]) -> None:
        if self._is_order(word) or word in ("", "EQ") or word.startswith("GROUPBY"):
            return
        if word.startswith("NQ"):
            groups.append([])
            word = word[2:]
        joined_by_or = word.startswith("OR")
        node = self._node(word[2:] if joined_by_or else word)
        if joined_by_or and groups[-1]:
            node = _either(groups[-1].pop(), node)
        groups[-1].append(node)

    def _is_order(self, word: str) -> bool:
        for keyword, descending in (("ORDERBYDESC", True), ("ORDERBY", False)):
            if word.startswith(keyword):
                self.order.append(Order(word.removeprefix(keyword), descending))
                return True
        return False

    def _node(self, word: str) -> Node:
        if word.startswith("("):
            self.words.insert(0, word[1:])
            return self.groups(nested=True)
        if word.startswith("RLQUERY"):
            return self._related(word)
        if word.startswith("JOIN"):
            return _join(word)
        return _term(word)

    def _related(self, word: str) -> Node:
        """Its conditions are the words up to ENDRLQUERY."""
        inner: list[str] = []
        while self.words and (inside := self.words.pop(0)) != "ENDRLQUERY":
            inner.append(inside)
        found = RELATED.fullmatch(word)
        if not found:
            return Term("", "", word)
        table, name, operator, count = found.groups()
        return Related("sys_id", table, name, operator or "=", int(count), _Reader(inner).groups())


def _either(before: Node, node: Node) -> Node:
    parts = before.parts if isinstance(before, AnyOf) else (before,)
    return AnyOf((*parts, node))


def _join(word: str) -> Node:
    found = JOIN.fullmatch(word)
    if not found:
        return Term("", "", word)
    _, own, table, name, condition = found.groups()
    where = _term(condition) if condition else AllOf(())
    return Related(own, table, name, ">", 0, where)


def _term(word: str) -> Term:
    found = TERM.fullmatch(word)
    return Term(*found.groups()) if found else Term("", "", word)
