"""A log: rows in the order of their time, to the millisecond, found without reading all of them (§8)."""

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from connectors.sandbox.duo.records import Json

Place = tuple[int, str]
"""Where a row stands: its milliseconds since 1970 and its id, which is what a next_offset names."""


def milliseconds(at: datetime) -> int:
    """Since 1970, rounded down."""
    return int(at.timestamp() * 1000)


@dataclass(frozen=True)
class Entry:
    """One row. `facets` are the values that a filter of the same name looks at."""

    place: Place
    row: Json = field(repr=False)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)


class Log:
    """Rows may be added in any order of time; they stand in the right one."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, at: datetime, key: str, row: Json, facets: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """One row more; `key` tells it from another one of the same millisecond."""
        entry = Entry((milliseconds(at), key), row, MappingProxyType(dict(facets or {})))
        insort(self._entries, entry, key=lambda known: known.place)

    def between(self, first: int, last: int) -> list[Entry]:
        """Rows from `first` to `last`, both included, in milliseconds since 1970."""
        start = bisect_left(self._entries, (first, ""), key=lambda entry: entry.place)
        end = bisect_left(self._entries, (last + 1, ""), key=lambda entry: entry.place)
        return self._entries[start:end]
