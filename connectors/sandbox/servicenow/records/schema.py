"""The tables of the instance as values: fields, types, references, choices, and the roles that may (tables.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Literal, cast

Kind = Literal["string", "integer", "boolean", "datetime", "due_date", "duration", "journal", "masked", "reference"]
KINDS: Final = frozenset({"string", "integer", "boolean", "datetime", "due_date", "duration", "journal", "masked"})
DATES: Final = frozenset({"datetime", "due_date"})
ACTS: Final = ("read", "create", "write", "delete")

STANDARD_FIELDS: Final[Mapping[str, str]] = {
    "sys_id": "string",
    "sys_created_on": "datetime",
    "sys_created_by": "string",
    "sys_updated_on": "datetime",
    "sys_updated_by": "string",
    "sys_mod_count": "integer",
    "sys_tags": "string",
}


@dataclass(frozen=True)
class Field:
    """One column. `table` is where a reference points; `choices` are label by value, empty where any value goes."""

    name: str
    kind: Kind
    table: str
    choices: Mapping[str, str]
    default: str

    @property
    def label(self) -> str:
        """As people see it in forms and messages: "Close notes"."""
        return self.name.replace("_", " ").strip().capitalize()


@dataclass(frozen=True)
class Table:
    """One table, with what it inherits. `display` names the field whose value stands for a whole record."""

    name: str
    label: str
    extends: str
    display: str
    prefix: str  # of its numbers; empty: it has none
    fields: Mapping[str, Field]
    indexed: tuple[str, ...]
    closed: frozenset[str]  # states in which a record is inactive
    roles: Mapping[str, frozenset[str]]  # by act
    sealed: bool  # nobody writes it through the REST API
    refuses: bool  # to those who may not read: 403 instead of an empty list
    unqueryable: frozenset[str]  # fields that only an admin may ask by


class Schema:
    """All tables. `more` is text in the form of tables.toml, for an instance with tables of its own."""

    def __init__(self, more: str = "") -> None:
        text = files(__package__).joinpath("tables.toml").read_text(encoding="utf-8")
        sources: dict[str, dict[str, Any]] = {**tomllib.loads(text), **tomllib.loads(more)}
        self.tables: dict[str, Table] = {}
        for name, source in sources.items():
            parent = self.tables.get(source.get("extends", ""))
            self.tables[name] = _table(name, source, parent)

    def field(self, table: str, name: str) -> Field | None:
        """None where the table or the field doesn't exist."""
        known = self.tables.get(table)
        return None if known is None else known.fields.get(name)

    def family(self, table: str) -> tuple[str, ...]:
        """The table and those that extend it: a record of each is a record of the table."""
        return (table, *(name for name, other in self.tables.items() if other.extends == table))


def _table(name: str, source: Mapping[str, Any], parent: Table | None) -> Table:
    own = _fields(source, {} if parent is None else parent.fields)
    roles = {
        act: frozenset(source[act]) if act in source else (parent.roles[act] if parent else frozenset()) for act in ACTS
    }
    return Table(
        name=name,
        label=source["label"],
        extends=source.get("extends", ""),
        display=source.get("display", parent.display if parent else "sys_id"),
        prefix=source.get("prefix", ""),
        fields=own,
        indexed=(*(parent.indexed if parent else ()), *source.get("indexed", ())),
        closed=frozenset(source["closed"]) if "closed" in source else (parent.closed if parent else frozenset()),
        roles=roles,
        sealed=source.get("sealed", False),
        refuses=source.get("refuses", False),
        unqueryable=frozenset(source.get("unqueryable", ())),
    )


def _fields(source: Mapping[str, Any], inherited: Mapping[str, Field]) -> dict[str, Field]:
    types = {**STANDARD_FIELDS, **source.get("fields", {})} if not inherited else source.get("fields", {})
    choices, defaults = source.get("choices", {}), source.get("defaults", {})
    fields = dict(inherited)
    for name, word in types.items():
        if name not in source.get("omits", ()):
            fields[name] = _field(name, word, choices.get(name, {}), defaults.get(name, ""))
    return fields


def _field(name: str, word: str, choices: Mapping[str, str], default: str) -> Field:
    if word in KINDS:
        return Field(name, cast(Kind, word), "", choices, default)
    return Field(name, "reference", word, choices, default)
