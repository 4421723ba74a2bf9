"""The figures as tables of words, the same for the terminal and for the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.reporting.figures import Report
from worker.reporting.spread import Spread
from worker.reporting.story import STANDINGS
from worker.reporting.words import share, span


@dataclass(frozen=True)
class Sheet:
    """`note` says how it is counted; `total`: its first row sums up the others."""

    name: str
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False


def sheets(report: Report) -> Iterator[Sheet]:
    """All of them, in the order they are read in."""
    yield _delivered(report)
    yield _enrolled(report)
    yield _states(report)
    yield _held(report)
    yield _codes(report)
    yield _repeats(report)
    yield _days(report)


def _delivered(report: Report) -> Sheet:
    rows = (
        (one.option, str(one.filed), str(one.delivered), *_spread(one.to_delivered))
        for one in (report.total, *report.options)
    )
    note = "By the option decided last. The p90 is the time that nine in ten kept."
    heads = ("option", "filed", "delivered", "median", "p90")
    return Sheet("delivered", "From filed to delivered", note, heads, tuple(rows), total=True)


def _enrolled(report: Report) -> Sheet:
    rows = (
        (one.option, str(one.enrolled), share(one.share), *_spread(one.to_enrolled), _count(one.for_a_look))
        for one in (report.total, *report.options)
    )
    note = (
        "Until the worker saw the new device in Duo, which is up to one check later than it was added. The share is of "
        "what was delivered. For a look: a device was added, but not quite as asked for."
    )
    heads = ("option", "enrolled", "share", "median", "p90", "for a look")
    return Sheet("enrolled", "From filed to enrolled", note, heads, tuple(rows), total=True)


def _spread(found: Spread | None) -> tuple[str, str]:
    return (span(found.median), span(found.p90)) if found else ("–", "–")


def _states(report: Report) -> Sheet:
    rows = ((one.option, *(_count(one.states[name]) for name in STANDINGS)) for one in (report.total, *report.options))
    note = "Where the requests stand now. Closed: without the worker having seen a new device."
    return Sheet("states", "Where they stand", note, ("option", *STANDINGS), tuple(rows), total=True)


def _held(report: Report) -> Sheet:
    rows = tuple((one.row, str(one.requests), _count(one.now)) for one in report.held)
    note = "By the row that held them, ever and now; one that two rows held counts with both."
    return Sheet("held", "Held for a person, by reason", note, ("row", "requests", "held now"), rows)


def _codes(report: Report) -> Sheet:
    found = report.codes
    rows = [("made", str(found.made)), ("used", str(found.used)), ("never used", str(found.never_used))]
    note = (
        "As far as the ledger knows: a code counts as used if a log-in with it was seen, or its request ended with a "
        "new device or with a warning that it was used."
    )
    return Sheet("codes", "Bypass codes", note, ("codes", "count"), (*rows, ("can still be used", str(found.usable))))


def _repeats(report: Report) -> Sheet:
    found = report.repeats
    rows = [("people who filed", str(found.persons)), ("of them again within 30 days", str(found.again))]
    rows += [(f"… {_times_over(times)}", str(persons)) for times, persons in found.by_times.items()]
    note = "By person; an earlier request counts even where it was filed before the time of this report."
    return Sheet("repeats", "Filed again within 30 days", note, ("people", "count"), tuple(rows))


def _times_over(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def _days(report: Report) -> Sheet:
    counts = ((one.day, (one.filed, one.delivered, one.enrolled, one.held)) for one in reversed(report.days))
    rows = tuple((f"{day:%Y-%m-%d}", *map(_count, numbers)) for day, numbers in counts if any(numbers))
    heads = ("day (UTC)", "filed", "delivered", "enrolled", "held")
    note = "What was filed in the time of this report, by the day on which each thing first happened; quiet days aside."
    return Sheet("days", "Day by day", note, heads, rows)


def _count(number: int) -> str:
    return str(number) if number else "·"
