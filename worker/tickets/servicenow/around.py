"""What stands beside the rows of tickets: notes and approvals, found by the record that they belong to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, Protocol, TypeVar

from connectors.servicenow.approvals import Approval
from connectors.servicenow.journal import Entry


class OfRecord(Protocol):
    """What belongs to one record, by its sys_id."""

    @property
    def record(self) -> str: ...


Thing = TypeVar("Thing", bound=OfRecord)


class Beside(Generic[Thing]):
    """Things that belong to records, in an order of their own."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._by_record = defaultdict[str, list[tuple[int, Thing]]](list)
        for place, thing in enumerate(things):
            self._by_record[thing.record].append((place, thing))

    def of(self, records: Iterable[str]) -> list[Thing]:
        """Those of these records, in that order."""
        found = [each for record in records for each in self._by_record.get(record, ())]
        return [thing for _, thing in sorted(found, key=itemgetter(0))]


@dataclass(frozen=True)
class Around:
    """What stands beside the rows, for all of them together."""

    entries: Beside[Entry]
    approvals: Beside[Approval]
