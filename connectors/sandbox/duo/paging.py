"""Lists in pages: `limit` and `offset` asked, `metadata` answered (§1)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol, TypeVar

from connectors.sandbox.duo.parameters import Parameters
from connectors.sandbox.duo.records import Json

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

DEFAULT_LIMIT: Final = 100


class Records(Protocol[T_co]):
    """What can be listed: it knows its length and its order."""

    def __iter__(self) -> Iterator[T_co]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Page:
    """An answer with metadata beside it."""

    rows: list[Json]
    metadata: Json


def page(
    records: Records[T], parameters: Parameters, show: Callable[[T], Json], *, most: int, cap: int | None = None
) -> Page:
    """The page asked for. `most` is the longest Duo gives; `cap` makes it shorter still, as a server may."""
    limit = min(parameters.whole("limit", DEFAULT_LIMIT, least=1), most, cap or most)
    offset = parameters.whole("offset", 0)
    rows = [show(record) for record in islice(records, offset, offset + limit)]
    metadata: Json = {"total_objects": len(records)}
    if offset + limit < len(records):
        metadata["next_offset"] = offset + limit
    if offset:
        metadata["prev_offset"] = max(0, offset - limit)
    return Page(rows, metadata)


def everything(records: Iterable[T], show: Callable[[T], Json]) -> Page:
    """All of a short list, whatever limit was asked, as look-ups answer (§3)."""
    rows = [show(record) for record in records]
    return Page(rows, {"total_objects": len(rows)})
