"""Counts as bars that lie: where requests stand by option, and what held them by reason."""

from collections.abc import Iterator, Sequence

from worker.reporting.drawing import WIDTH, Box, bar, legend, plot, words
from worker.reporting.figures import Option
from worker.reporting.held import Held
from worker.reporting.markup import Markup, joined
from worker.reporting.story import STANDINGS

HEIGHT, HEAD, GAP = 16, 20, 10
ROW = HEAD + HEIGHT + GAP
ROOM = 60
"""For the number at a bar's end."""


def plot_states(options: Sequence[Option]) -> Markup:
    """One bar an option, a part for each standing."""
    most = max((one.filed for one in options), default=0) or 1
    marks = [mark for at, one in enumerate(options) for mark in _parts(one, at * ROW, most)]
    told = "; ".join(f"{one.option}: {_counts(one)}" for one in options) or "Nothing was filed"
    present = [name for name in STANDINGS if any(one.states[name] for one in options)]
    drawn = plot("plot-states", "Where requests stand, by option", f"{told}.", len(options) * ROW, *marks)
    return joined(legend((f"on-{name}", name) for name in present), drawn)


def plot_held(rows: Sequence[Held]) -> Markup:
    """One bar a reason; the part that is held now stands out."""
    most = max((one.requests for one in rows), default=0) or 1
    marks = [mark for at, one in enumerate(rows) for mark in _held(one, at * ROW, most)]
    told = ", ".join(f"{one.row} {one.requests} ({one.now} now)" for one in rows) or "Nothing was held"
    drawn = plot("plot-held", "Held requests, by reason", f"{told}.", len(rows) * ROW, *marks)
    return joined(legend((("on-held", "held now"), ("on-closed", "held before"))), drawn)


def _parts(one: Option, y: float, most: int) -> Iterator[Markup]:
    yield words(0, y + 14, one.option, "head")
    x = 0.0
    for name in STANDINGS:
        count = one.states[name]
        if count:
            width = _width(count, most)
            yield bar(Box(x, y + HEAD, max(width - 1, 1), HEIGHT), f"on-{name}", f"{one.option}: {count} {name}")
            x += width
    yield words(x + 6, y + HEAD + 13, str(one.filed), "value")


def _held(one: Held, y: float, most: int) -> Iterator[Markup]:
    yield words(0, y + 14, one.row, "head")
    now, before = _width(one.now, most), _width(max(0, one.requests - one.now), most)
    if now:
        yield bar(Box(0, y + HEAD, now, HEIGHT), "on-held", f"{one.row}: {one.now} held now")
    if before:
        yield bar(Box(now, y + HEAD, before, HEIGHT), "on-closed", f"{one.row}: {one.requests - one.now} held before")
    yield words(now + before + 6, y + HEAD + 13, str(one.requests), "value")


def _width(count: int, most: int) -> float:
    return (WIDTH - ROOM) * count / most


def _counts(one: Option) -> str:
    return ", ".join(f"{one.states[name]} {name}" for name in STANDINGS if one.states[name]) or "nothing"
