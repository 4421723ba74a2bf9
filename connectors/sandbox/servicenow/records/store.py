"""Records and how they are found: by sys_id, by an indexed field, or one after the other."""

import random
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectors.sandbox.servicenow.records.schema import Schema, Table


@dataclass(slots=True, eq=False)
class Record:
    """One row of `table`; every value is a text, empty where there is none. Changed only by its store."""

    table: str
    values: dict[str, str]

    @property
    def sys_id(self) -> str:
        """Its key; unique in the whole store."""
        return self.values["sys_id"]


class Store:
    """All records of the instance. Ids come from the seed, in order. Not safe to share between threads."""

    def __init__(self, schema: Schema, seed: int) -> None:
        self.schema = schema
        self._chance = random.Random(seed)
        self._families = {name: schema.family(name) for name in schema.tables}
        self._records: dict[str, dict[str, Record]] = {name: {} for name in schema.tables}
        self._sorted: dict[str, list[str]] = {name: [] for name in schema.tables}
        self._indexes: dict[tuple[str, str], dict[str, dict[str, Record]]] = {
            (table.name, field): {} for table in schema.tables.values() for field in table.indexed
        }
        self._numbers: dict[str, int] = {}

    def new_id(self) -> str:
        """32 hexadecimal digits that no record has."""
        return f"{self._chance.getrandbits(128):032x}"

    def new_number(self, table: Table) -> str:
        """The next one: REQ0010001, then REQ0010002."""
        number = self._numbers.get(table.prefix, 10_000) + 1
        self._numbers[table.prefix] = number
        return f"{table.prefix}{number:07}"

    def add(self, table: str, values: Mapping[str, str]) -> Record:
        """A new record with the table's defaults; `values` may name its own sys_id."""
        defaults = {name: field.default for name, field in self.schema.tables[table].fields.items()}
        record = Record(table, {**defaults, **values})
        record.values["sys_id"] = record.sys_id or self.new_id()
        self._records[table][record.sys_id] = record
        insort(self._sorted[table], record.sys_id)
        for field in self.schema.tables[table].indexed:
            self._indexes[table, field].setdefault(record.values[field], {})[record.sys_id] = record
        return record

    def put(self, record: Record, changes: Mapping[str, str]) -> None:
        """Set fields of a record."""
        indexed = self.schema.tables[record.table].indexed
        for field, value in changes.items():
            if field in indexed:
                index = self._indexes[record.table, field]
                del index[record.values[field]][record.sys_id]
                index.setdefault(value, {})[record.sys_id] = record
            record.values[field] = value

    def remove(self, record: Record) -> None:
        """Take a record out."""
        for field in self.schema.tables[record.table].indexed:
            del self._indexes[record.table, field][record.values[field]][record.sys_id]
        del self._records[record.table][record.sys_id]
        self._sorted[record.table].remove(record.sys_id)

    def find(self, table: str, sys_id: str) -> Record | None:
        """The record of a table, or of one that extends it."""
        for name in self._families.get(table, ()):
            record = self._records[name].get(sys_id)
            if record is not None:
                return record
        return None

    def finder(self, table: str) -> Callable[[str], Record | None]:
        """`find` for one table, for whoever asks it of every row."""
        if self._families.get(table) == (table,):
            return self._records[table].get
        return lambda sys_id: self.find(table, sys_id)

    def every(self, table: str) -> Iterator[Record]:
        """All records of a table and of those that extend it."""
        for name in self._families[table]:
            yield from self._records[name].values()

    def after(self, table: str, sys_id: str) -> Iterator[Record]:
        """Those whose sys_id is greater, for a reader that goes on where it stopped."""
        for name in self._families[table]:
            ids = self._sorted[name]
            for key in ids[bisect_right(ids, sys_id) :]:
                yield self._records[name][key]

    def having(self, table: str, field: str, values: Iterable[str]) -> Iterator[Record]:
        """Those with one of the values in an indexed field."""
        wanted = tuple(dict.fromkeys(values))
        for name in self._families[table]:
            index = self._indexes[name, field]
            for value in wanted:
                yield from index.get(value, {}).values()

    def one(self, table: str, field: str, value: str) -> Record | None:
        """The first with a value in an indexed field."""
        return next(self.having(table, field, (value,)), None)

    def indexed(self, table: str, field: str) -> bool:
        """Whether `having` can be asked by this field."""
        return (table, field) in self._indexes
