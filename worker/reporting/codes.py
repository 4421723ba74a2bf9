"""What became of the bypass codes that were made, as far as the ledger knows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from worker.reporting.story import Code, Story

SIGHTED = "bypass_code"
"""What Duo's log calls the factor of a log-in with one."""


@dataclass(frozen=True)
class Codes:
    """`used`: a log-in with it was seen, the person was enrolled through it, or was warned that it was used.

    `usable` ones haven't been used yet and still can be; the rest are `never_used`.
    """

    made: int
    used: int
    never_used: int
    usable: int


def codes(stories: Iterable[Story], sighted: Mapping[str, Sequence[datetime]], now: datetime) -> Codes:
    """`sighted` has the log-ins with bypass codes that were seen, by Duo user."""
    count = Counter(word for story in stories for word in _fates(story, sighted, now))
    return Codes(count.total(), count["used"], count["never used"], count["usable"])


def _fates(story: Story, sighted: Mapping[str, Sequence[datetime]], now: datetime) -> list[str]:
    ends = [*(code.made_at for code in story.codes), datetime.max.replace(tzinfo=now.tzinfo)]
    return [
        _fate(code, end, story, sighted.get(code.duo_user_id, ()), now)
        for code, (_, end) in zip(story.codes, pairwise(ends), strict=True)
    ]


def _fate(code: Code, next_made: datetime, story: Story, log_ins: Sequence[datetime], now: datetime) -> str:
    """A log-in after the next code was made is taken for that one's."""
    told = [story.warned_at] if story.warned_at else []
    if story.by_code and (story.enrolled_at or story.for_a_look):
        told.append(story.enrolled_at or now)
    told += [at for at in log_ins if at <= code.until]
    if any(code.made_at <= at < next_made for at in told):
        return "used"
    return "usable" if code.until > now and not code.taken_back else "never used"
