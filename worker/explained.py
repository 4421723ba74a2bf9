"""Which rows of Duo's administrator log are explained by calls of ours: each call explains one row. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Protocol

from connectors.duo.logs import AdministratorEvent, CodesMade
from worker.ledger.issued import Asked

Explained = dict[str, Asked]
"""By row, the call that made it."""
Keyed = tuple[str, AdministratorEvent]

EARLY, LATE = timedelta(minutes=2), timedelta(minutes=5)
"""How far a row's time may lie before and after the moment the call was written down: clocks differ, calls wait."""
API_ACTOR = "api"
MOST_ATTEMPTS = 100
APART = timedelta(seconds=10)
MINUTE = 60


class Shape(Protocol):
    """What codes of ours look like: keys of [policy]."""

    @property
    def code_valid(self) -> timedelta: ...

    @property
    def code_uses(self) -> int: ...


def explain(
    rows: Iterable[AdministratorEvent], asked: Iterable[Asked], known: Explained
) -> tuple[Explained, list[Keyed]]:
    """`known` with what the rows add to it, and the rows that no call explains. What a row doesn't tell fits any call.

    Rows may be read again: those in `known` stay explained, and the calls that explained them explain no other.
    """
    explained, strays = dict(known), list[Keyed]()
    taken = {call.key for call in known.values()}
    free = [call for call in asked if call.key not in taken]
    for key, row in _keyed(rows):
        fitting = [call for call in free if row.codes and _fits(row, row.codes, call)]
        if key in explained:
            continue
        if fitting:
            explained[key] = min(fitting, key=lambda call: abs(call.at - row.at))
            free.remove(explained[key])
        else:
            strays.append((key, row))
    return explained, strays


def looks_ours(row: AdministratorEvent, shape: Shape) -> bool:
    """Whether an Admin API application may have made it: by its actor, or by a life that only we give.

    Lives of whole minutes are the panel's as well, so they say nothing.
    """
    made = row.codes
    if made is None:
        return False
    if row.actor.strip().casefold() == API_ACTOR:
        return True
    lives = {int((shape.code_valid - APART * attempt).total_seconds()) for attempt in range(1, MOST_ATTEMPTS)}
    odd = made.valid_secs is not None and made.valid_secs % MINUTE != 0 and made.valid_secs in lives
    return odd and made.count == 1 and made.uses == shape.code_uses


def _fits(row: AdministratorEvent, made: CodesMade, call: Asked) -> bool:
    return (
        call.at - EARLY <= row.at <= call.at + LATE
        and made.user_id in ("", call.user_id)
        and made.count in (None, 1)
        and made.valid_secs in (None, call.valid_secs)
    )


def _keyed(rows: Iterable[AdministratorEvent]) -> Iterator[Keyed]:
    """Rows with what tells them from all others; of rows that are alike in everything each is one."""
    alike: Counter[str] = Counter()
    for row in rows:
        digest = hashlib.sha256(repr(row).encode()).hexdigest()[:16]
        alike[digest] += 1
        yield f"{digest}-{alike[digest]}", row
