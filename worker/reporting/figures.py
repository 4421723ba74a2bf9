"""All figures of a report. The requests counted are those filed in its time, whenever what followed happened."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.facts import OPTIONS
from worker.ledger import past
from worker.ledger.database import Ledger
from worker.ledger.past import Filing
from worker.reporting.codes import SIGHTED, Codes, codes
from worker.reporting.days import Day, days
from worker.reporting.held import Held, held
from worker.reporting.reading import stories
from worker.reporting.repeats import WITHIN, Repeats, repeats
from worker.reporting.spread import Spread, spread
from worker.reporting.story import NO_OPTION, STANDINGS, UNDECIDED, Story


@dataclass(frozen=True)
class Option:
    """What became of the requests for which `option` was decided last.

    `share` is enrolled of delivered, None where nothing was delivered. `for_a_look` are not among the enrolled, and
    `held` counts what was held at any time.
    `to_enrolled` counts until the worker saw the device in Duo, which is up to a check later than it was added.
    """

    option: str
    filed: int
    delivered: int
    enrolled: int
    for_a_look: int
    held: int
    share: float | None
    to_delivered: Spread | None
    to_enrolled: Spread | None
    states: dict[str, int]


@dataclass(frozen=True)
class Report:
    """`total` is over all options."""

    since: datetime
    until: datetime
    total: Option
    options: tuple[Option, ...]
    codes: Codes
    repeats: Repeats
    held: tuple[Held, ...]
    days: tuple[Day, ...]


def report(ledger: Ledger, since: datetime, now: datetime) -> Report:
    """The figures of what was filed since then, as they stand `now`."""
    with ledger.reading() as connection:
        told = stories(connection, since)
        filed = past.filings(connection, since - WITHIN)
        sighted = past.sighted(connection, SIGHTED)
    return figures(told, filed, sighted, since, now)


def figures(
    told: Sequence[Story],
    filed: Sequence[Filing],
    sighted: Mapping[str, Sequence[datetime]],
    since: datetime,
    now: datetime,
) -> Report:
    """Pure; as `report`."""
    return Report(
        since=since,
        until=now,
        total=_option("all", told),
        options=tuple(_option(name, [one for one in told if one.option == name]) for name in _names(told)),
        codes=codes(told, sighted, now),
        repeats=repeats(filed, since),
        held=held(told),
        days=days(told, since, now),
    )


def _names(told: Sequence[Story]) -> list[str]:
    """The options that occur, in the order they are known by; those with another following stand behind their first."""
    order = (*OPTIONS, NO_OPTION, UNDECIDED)
    return sorted({one.option for one in told}, key=lambda name: (order.index(name.partition(" → ")[0]), name))


def _option(name: str, told: Sequence[Story]) -> Option:
    delivered = [one.to_delivered for one in told if one.to_delivered is not None]
    enrolled = [one.to_enrolled for one in told if one.to_enrolled is not None]
    standing = Counter(one.standing for one in told)
    return Option(
        option=name,
        filed=len(told),
        delivered=len(delivered),
        enrolled=len(enrolled),
        for_a_look=sum(one.for_a_look for one in told),
        held=sum(bool(one.holds) for one in told),
        share=round(len(enrolled) / len(delivered), 3) if delivered else None,
        to_delivered=spread(delivered),
        to_enrolled=spread(enrolled),
        states={name: standing[name] for name in STANDINGS},
    )
