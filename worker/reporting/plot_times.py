"""How long it took, by option: from the median to the time that nine in ten kept, on a scale of minutes to weeks."""

import math
from collections.abc import Iterator, Sequence

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
LEFT, RIGHT, LANE, HEAD, TOP, AXIS = 84, 215, 21, 28, 4, 30
GROUP = HEAD + 2 * LANE
LANES = (("delivered", "to_delivered"), ("enrolled", "to_enrolled"))


def plot_times(options: Sequence[Option]) -> Markup:
    """Options of which nothing was delivered are left out."""
    shown = [one for one in options if one.to_delivered]
    ticks = _ticks([found.p90 for one in shown for found in (one.to_delivered, one.to_enrolled) if found])
    foot = TOP + len(shown) * GROUP
    scale = [words(_x(minutes, ticks[-1][0]), foot + 20, said, "tick", "middle") for minutes, said in ticks]
    groups = [mark for at, one in enumerate(shown) for mark in _group(one, TOP + at * GROUP, ticks)]
    meaning = words(WIDTH, foot + 20, "median · p90", "tick", "end")
    told = "; ".join(_told(one) for one in shown) or "Nothing was delivered yet"
    return plot(
        "plot-times", "Time from filed to delivered and to enrolled", f"{told}.", foot + AXIS, *groups, *scale, meaning
    )


def _ticks(longest: Sequence[float]) -> Sequence[tuple[int, str]]:
    """Those up to the first that lies beyond everything, and three at least."""
    beyond = sum(minutes < max(longest, default=0) for minutes, _ in TICKS) + 1
    return TICKS[: max(3, beyond)]


def _group(one: Option, y: float, ticks: Sequence[tuple[int, str]]) -> Iterator[Markup]:
    yield words(0, y + 20, one.option, "head")
    end = ticks[-1][0]
    for minutes, _ in ticks:
        yield line(_x(minutes, end), y + HEAD, _x(minutes, end), y + GROUP)
    for at, (kind, name) in enumerate(LANES):
        middle = y + HEAD + at * LANE + LANE / 2
        yield words(0, middle + 4, kind)
        found: Spread | None = getattr(one, name)
        if found is not None:
            yield from _range(found, middle, kind, end)


def _range(found: Spread, y: float, kind: str, end: int) -> Iterator[Markup]:
    said = f"median {span(found.median)}, nine in ten within {span(found.p90)} ({found.count})"
    left, right = _x(found.median, end), _x(found.p90, end)
    yield line(left, y, right, y, f"range {kind}")
    yield line(right, y - 6, right, y + 6, f"range {kind}")
    yield element("circle", element("title", said), cx=left, cy=y, r=5, class_=kind)
    yield words(WIDTH, y + 4, f"{span(found.median)} · {span(found.p90)}", "value", "end")


def _x(minutes: float, end: int) -> float:
    """Logarithmic; what took less than a minute stands at its beginning."""
    width = WIDTH - LEFT - RIGHT
    return LEFT + width * min(1.0, math.log10(max(minutes, 1)) / math.log10(end))


def _told(one: Option) -> str:
    parts = [
        f"{kind} in {span(found.median)} at the median and {span(found.p90)} for nine in ten"
        for kind, name in LANES
        if (found := getattr(one, name))
    ]
    return f"{one.option}: {', '.join(parts)}"
