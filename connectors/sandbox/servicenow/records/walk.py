"""Dot-walking: from a record over its references to a field, or to an answer in the form (§2, §3.3)."""

from dataclasses import dataclass

from connectors.sandbox.servicenow.records.schema import Field, Schema
from connectors.sandbox.servicenow.records.store import Record, Store
from connectors.sandbox.servicenow.records.variables import Answer, answer

ITEM_OF = {"sc_req_item": "", "sc_task": "request_item"}


@dataclass(frozen=True)
class Path:
    """A dotted name that exists: the references to follow and what stands at their end.

    `variable` is the name of an answer; whether the form has it depends on the record, so it may be absent.
    """

    hops: tuple[Field, ...]
    table: str  # of the record at the end
    field: Field | None
    variable: str = ""

    def end(self, store: Store, record: Record) -> Record | None:
        """The record that has the field; None where a reference on the way is empty or leads nowhere."""
        here: Record | None = record
        for hop in self.hops:
            if here is None:
                return None
            here = store.find(hop.table, here.values[hop.name])
        return here

    def text(self, store: Store, record: Record) -> str:
        """The kept value at the end, empty where there is none."""
        end = self.end(store, record)
        if end is None:
            return ""
        if self.field is not None:
            return end.values[self.field.name]
        found = answer(store, end, self.variable)
        return "" if found is None else found.value

    def answer(self, store: Store, record: Record) -> Answer | None:
        """The answer at the end of a `variables.<name>` path."""
        end = self.end(store, record)
        return None if end is None else answer(store, end, self.variable)


def resolve(schema: Schema, table: str, name: str) -> Path | None:
    """None where a part of the name is no field of the table it is asked of, or no reference is left to follow."""
    hops: list[Field] = []
    parts = name.split(".")
    for index, part in enumerate(parts):
        if part == "variables" and len(parts) == index + 2 and table in ITEM_OF:
            return _variable(schema, table, tuple(hops), parts[-1])
        field = schema.field(table, part)
        if field is None:
            return None
        if index == len(parts) - 1:
            return Path(tuple(hops), table, field)
        if field.kind != "reference":
            return None
        hops.append(field)
        table = field.table
    return None


def _variable(schema: Schema, table: str, hops: tuple[Field, ...], name: str) -> Path:
    to_item = schema.field(table, ITEM_OF[table])
    return Path((*hops, to_item) if to_item else hops, "sc_req_item", None, name)
