"""How long it took, by option: from the median to the time that nine in ten kept, on a scale of minutes to weeks."""

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from worker.reporting.drawing import WIDTH, line, plot, words
from worker.reporting.figures import Option
from worker.reporting.markup import Markup, element
from worker.reporting.spread import Spread
from worker.reporting.words import span

TICKS = (
    (1, "1 min"),
    (10, "10 min"),
    (60, "1 h"),
    (360, "6 h"),
    (1440, "1 day"),
    (10_080, "1 week"),
    (43_200, "30 days"),
)
LEFT, RIGHT, HEAD, LANE, TOP, AXIS = 20, 215, 24, 20, 4, 30
ROW = HEAD + LANE

Kind = Literal["delivered", "enrolled"]


def plot_times(options: Sequence[Option], kind: Kind) -> Markup:
    """Options without such a time are left out. Both kinds have one scale, so that they compare."""
    shown = [(one.option, found) for one in options if (found := _found(one, kind)) is not None]
    ticks = _ticks(options)
    foot = TOP + len(shown) * ROW
    rows = [mark for at, (name, found) in enumerate(shown) for mark in _row(name, found, TOP + at * ROW, kind, ticks)]
    scale = [words(_x(minutes, ticks), foot + 20, said, "tick", "middle") for minutes, said in ticks]
    meaning = words(WIDTH, foot + 20, "median · p90", "tick", "end")
    told = "; ".join(f"{name}: {_told(found)}" for name, found in shown)
    return plot(f"plot-{kind}", f"Time from filed to {kind}", f"{told}.", foot + AXIS, *rows, *scale, meaning)


def _found(one: Option, kind: Kind) -> Spread | None:
    return one.to_delivered if kind == "delivered" else one.to_enrolled


def _ticks(options: Sequence[Option]) -> Sequence[tuple[int, str]]:
    """Those up to the first that lies beyond everything, and three at least."""
    longest = max((found.p90 for one in options for found in (one.to_delivered, one.to_enrolled) if found), default=0)
    return TICKS[: max(3, sum(minutes < longest for minutes, _ in TICKS) + 1)]


def _row(name: str, found: Spread, y: float, kind: Kind, ticks: Sequence[tuple[int, str]]) -> Iterator[Markup]:
    yield words(0, y + 17, name, "head")
    for minutes, _ in ticks:
        yield line(_x(minutes, ticks), y + HEAD, _x(minutes, ticks), y + ROW)
    middle = y + HEAD + LANE / 2
    left, right = _x(found.median, ticks), _x(found.p90, ticks)
    yield line(left, middle, right, middle, f"range {kind}")
    yield line(right, middle - 6, right, middle + 6, f"range {kind}")
    yield element("circle", element("title", _told(found)), cx=left, cy=middle, r=5, class_=kind)
    yield words(WIDTH, middle + 4, f"{span(found.median)} · {span(found.p90)}", "value", "end")


def _x(minutes: float, ticks: Sequence[tuple[int, str]]) -> float:
    """Logarithmic; what took less than a minute stands at its beginning, what took longer than all at its end."""
    part = math.log10(max(minutes, 1)) / math.log10(ticks[-1][0])
    return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, part)


def _told(found: Spread) -> str:
    return f"{span(found.median)} at the median, {span(found.p90)} for nine in ten, of {found.count}"
