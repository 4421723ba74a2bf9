"""What happened on each day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from worker.reporting.story import Story


@dataclass(frozen=True)
class Day:
    """A day in UTC; `held` counts requests by the day they were first held."""

    day: date
    filed: int
    delivered: int
    enrolled: int
    held: int


def days(stories: Sequence[Story], since: datetime, now: datetime) -> tuple[Day, ...]:
    """Every day from `since` to `now`, quiet ones too."""
    filed = _counted(story.filed_at for story in stories)
    delivered = _counted(story.delivered_at for story in stories)
    enrolled = _counted(story.enrolled_at for story in stories)
    held = _counted(story.holds[0].at for story in stories if story.holds)
    span = (now.date() - since.date()).days
    every = [since.date() + timedelta(days=count) for count in range(span + 1)]
    return tuple(Day(day, filed[day], delivered[day], enrolled[day], held[day]) for day in every)


def _counted(moments: Iterable[datetime | None]) -> Counter[date]:
    return Counter(at.date() for at in moments if at)
