"""One write as it passes the business rules: what the record was, what it will be, what goes to its journals."""

from dataclasses import dataclass, field

from connectors.sandbox.servicenow.instance import Hand, Instance
from connectors.sandbox.servicenow.records.schema import Table
from connectors.sandbox.servicenow.records.store import Record


@dataclass
class Change:
    """`values` is the record as it will be; rules change it. `entries` are (element, text) for the journals."""

    instance: Instance
    hand: Hand
    table: Table
    record: Record | None  # None: an insert
    values: dict[str, str]
    entries: list[tuple[str, str]] = field(default_factory=list)

    def before(self, name: str) -> str:
        """What the field was; empty on an insert."""
        return "" if self.record is None else self.record.values[name]

    def moved(self, name: str) -> bool:
        """Whether the field gets another value (or its first)."""
        return name in self.table.fields and self.values[name] != self.before(name)

    @property
    def is_task(self) -> bool:
        """Whether the table is one of those that extend task."""
        return self.table.extends == "task"

    def altered(self) -> dict[str, str]:
        """The fields that get another value."""
        if self.record is None:
            return dict(self.values)
        return {name: value for name, value in self.values.items() if value != self.record.values[name]}


Write = tuple[Record, dict[str, str]]
"""A further write that a rule asks for: the record and the fields to set."""
