"""What was held, by the row that held it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from worker.reporting.story import Story

NOT_KEPT = "reason not kept"


@dataclass(frozen=True)
class Held:
    """How many requests a row has held, ever, and how many of them it holds now."""

    row: str
    requests: int
    now: int


def held(stories: Sequence[Story]) -> tuple[Held, ...]:
    """The row that held most comes first. A request that two rows held, one after the other, counts with both."""
    ever = Counter(row for story in stories for row in {hold.row or NOT_KEPT for hold in story.holds})
    now = Counter(story.held_for for story in stories if story.held_for)
    rows = sorted({*ever, *now}, key=lambda row: (-ever[row], row))
    return tuple(Held(row, ever[row], now[row]) for row in rows)
