"""People who filed again within 30 days. No person is named: a report is handed around."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.ledger.past import Filing

WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Repeats:
    """`persons` filed at all; `again` of them filed within 30 days of an earlier request of theirs.

    `by_times` says how many people did so how many times; `tickets` are those later requests.
    """

    persons: int
    again: int
    by_times: dict[int, int]
    tickets: tuple[str, ...]


def repeats(filings: Sequence[Filing], since: datetime) -> Repeats:
    """Of what was filed since then. `filings` reach `WITHIN` further back and come oldest first."""
    latest: dict[tuple[str, str], datetime] = {}
    later: dict[tuple[str, str], list[str]] = defaultdict(list)
    persons = set()
    for one in filings:
        who = (one.system, one.person)
        if one.filed_at >= since:
            persons.add(who)
            if who in latest and one.filed_at - latest[who] <= WITHIN:
                later[who].append(one.number)
        latest[who] = one.filed_at
    return Repeats(
        persons=len(persons),
        again=len(later),
        by_times=dict(sorted(Counter(map(len, later.values())).items())),
        tickets=tuple(number for numbers in later.values() for number in numbers),
    )
