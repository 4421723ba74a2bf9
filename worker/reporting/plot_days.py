"""Day by day: one strip of columns for each thing that happens to requests, under each other."""

from collections.abc import Sequence
from datetime import date

from worker.reporting.days import Day
from worker.reporting.drawing import WIDTH, Box, bar, line, plot, words
from worker.reporting.markup import Markup

THINGS = ("filed", "delivered", "enrolled", "held")
LEFT, STRIP, GAP, TOP, AXIS = 84, 54, 18, 14, 24
DATES = 7


def plot_days(days: Sequence[Day]) -> Markup:
    """All strips have one scale, so that they compare."""
    most = max((getattr(day, thing) for day in days for thing in THINGS), default=0) or 1
    marks = [mark for place, thing in enumerate(THINGS) for mark in _strip(place, thing, days, most)]
    sums = ", ".join(f"{sum(getattr(day, thing) for day in days)} {thing}" for thing in THINGS)
    told = f"Requests a day over {len(days)} days: {sums}; at most {most} of a kind on one day."
    foot = TOP + len(THINGS) * (STRIP + GAP) - GAP
    return plot("plot-days", "Requests a day", told, foot + AXIS, *marks, *_dates(days, foot))


def _strip(place: int, thing: str, days: Sequence[Day], most: int) -> list[Markup]:
    foot = TOP + place * (STRIP + GAP) + STRIP
    slot = _slot(days)
    width = max(1.0, min(slot - 2, 22.0) if slot > 4 else slot)
    columns = [
        bar(
            Box(_middle(at, slot) - width / 2, foot - height, width, height),
            thing,
            f"{day.day:%d %b %Y}: {count} {thing}",
        )
        for at, day in enumerate(days)
        if (count := getattr(day, thing)) and (height := STRIP * count / most)
    ]
    top = line(LEFT, foot - STRIP, WIDTH, foot - STRIP)
    scale = words(LEFT - 6, foot - STRIP + 4, str(most), "tick", "end")
    return [top, line(LEFT, foot, WIDTH, foot, "axis"), scale, words(0, foot - STRIP / 2 + 4, thing), *columns]


def _dates(days: Sequence[Day], foot: float) -> list[Markup]:
    """Some of the dates, evenly spread; the last is always there, as it is the one most asked for."""
    every = max(1, -(-len(days) // DATES))
    slot = _slot(days)
    shown = [(at, day.day) for at, day in enumerate(days) if (len(days) - 1 - at) % every == 0]
    return [words(_middle(at, slot), foot + 18, _date(day), "tick", _anchor(at, len(days))) for at, day in shown]


def _date(day: date) -> str:
    return f"{day.day} {day:%b}"


def _anchor(at: int, count: int) -> str:
    return "end" if at == count - 1 and count > 1 else "middle"


def _slot(days: Sequence[Day]) -> float:
    return (WIDTH - LEFT) / max(1, len(days))


def _middle(at: int, slot: float) -> float:
    return LEFT + (at + 0.5) * slot
