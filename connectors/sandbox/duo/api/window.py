"""Reading a v2 log: a window in milliseconds, in pages that go on where a next_offset says (§8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.log import Entry, Place
from connectors.sandbox.duo.parameters import Parameters

DEFAULT_LIMIT: Final = 100
MOST: Final = 1000
SORTS: Final = {"ts:asc": False, "ts:desc": True}


@dataclass(frozen=True)
class Window:
    """What a call asks for, in milliseconds since 1970. `after` is where the page before ended."""

    first: int
    last: int
    limit: int
    newest_first: bool
    after: Place | None

    def page(self, entries: Sequence[Entry], cap: int | None) -> tuple[list[Entry], Place | None]:
        """The asked page of the entries (oldest first), and where the next one goes on; None at the end."""
        ordered = reversed(entries) if self.newest_first else iter(entries)
        left = [entry for entry in ordered if self.after is None or self._follows(entry.place, self.after)]
        limit = min(self.limit, cap or self.limit)
        shown = left[:limit]
        return shown, shown[-1].place if len(left) > limit else None

    def _follows(self, place: Place, after: Place) -> bool:
        return place < after if self.newest_first else place > after


def window(asked: Parameters) -> Window:
    """The window of a call; `mintime` and `maxtime` must be there."""
    asked.required("mintime")
    asked.required("maxtime")
    sort = asked.text("sort", "ts:desc")
    if sort not in SORTS:
        raise Failure(40002, "sort")
    return Window(
        first=asked.whole("mintime", 0),
        last=asked.whole("maxtime", 0),
        limit=min(asked.whole("limit", DEFAULT_LIMIT, least=1), MOST),
        newest_first=SORTS[sort],
        after=_place(asked.text("next_offset")),
    )


def _place(text: str) -> Place | None:
    if not text:
        return None
    milliseconds, comma, key = text.partition(",")
    if not comma or not (milliseconds.isascii() and milliseconds.isdigit()):
        raise Failure(40002, "next_offset")
    return int(milliseconds), key
