"""What stops the worker, on purpose or by itself: pause, a paused system, caps raised by a surge, too many failures.

Brakes are marks in the ledger, so that every worker on it obeys. Undoing, watching and holding go on under `pause`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, select

from worker.ledger import marks
from worker.ledger.database import Ledger
from worker.ledger.requests import wake_waiting
from worker.ledger.schema import requests

PAUSE = "pause"
SURGE = "surge"
RESUMED = "resumed"
SYSTEM = "paused_system:"
RENEWED = "renewed_system:"
SYSTEMS = ("servicenow", "teamdynamix", "duo", "password_pusher", "mail")
STOPPED_POLL = "poll_stopped"
LONGEST_SURGE = timedelta(hours=24)
LOOKED_AT = 50
TOO_MANY = 20

log = structlog.get_logger()


@dataclass(frozen=True)
class Pause:
    """Issuing, or everything (`all`), stands still; `why` says who or what did it."""

    all: bool
    why: str
    since: datetime


def pause(ledger: Ledger, now: datetime, *, everything: bool, why: str) -> None:
    """Stop issuing, or everything, until `resume`."""
    with ledger.writing() as connection:
        marks.put(connection, PAUSE, {"all": everything, "why": why}, now)
    log.warning("paused", everything=everything, why=why)


def paused(ledger: Ledger) -> Pause | None:
    """The pause in force."""
    with ledger.reading() as connection:
        return pause_in(connection)


def pause_in(connection: Connection) -> Pause | None:
    """The pause in force as a transaction sees it."""
    mark = marks.get(connection, PAUSE)
    return None if mark is None else Pause(bool(mark[0]["all"]), str(mark[0]["why"]), mark[1])


def resume(ledger: Ledger, now: datetime) -> None:
    """Lift every brake: the pause, paused systems, a stopped poll; what waited for it is due now.

    A paused system is called by nobody who read its secrets before (`renewals`): they may have been changed since.
    """
    with ledger.writing() as connection:
        for system in SYSTEMS:
            if marks.get(connection, SYSTEM + system) is not None:
                marks.put(connection, RENEWED + system, _renewals(connection, system) + 1, now)
        for name in (PAUSE, STOPPED_POLL, *(SYSTEM + system for system in SYSTEMS)):
            marks.drop(connection, name)
        marks.put(connection, RESUMED, {}, now)
        wake_waiting(connection, now)
    log.info("resumed")


def resume_systems(ledger: Ledger) -> None:
    """A restart is a new try for systems that were paused because of their settings; the other brakes stay."""
    with ledger.writing() as connection:
        for name in SYSTEMS:
            marks.drop(connection, SYSTEM + name)


def pause_system(ledger: Ledger, system: str, now: datetime, why: str, *, seen: Mapping[str, int]) -> None:
    """No call to `system` any more until `resume` or a restart: its credentials or settings are wrong.

    `seen` are the `renewals` of the tools that met it. Without effect where an operator has resumed the system since:
    an answer to what was sent before says nothing of the secret that is there now.
    """
    with ledger.writing() as connection:
        if _renewals(connection, system) != seen[system]:
            return
        marks.put(connection, SYSTEM + system, why, now)
    log.error("system_paused", system=system, why=why)


def paused_system(ledger: Ledger, system: str) -> str:
    """Why `system` is paused; empty: it isn't."""
    with ledger.reading() as connection:
        mark = marks.get(connection, SYSTEM + system)
    return "" if mark is None else str(mark[0])


def standing(connection: Connection, system: str) -> tuple[str, int]:
    """`paused_system` and `renewals` in one look: asked before every call."""
    found = marks.both(connection, SYSTEM + system, RENEWED + system)
    return str(found.get(SYSTEM + system, "")), int(found.get(RENEWED + system, 0))


def renewals(ledger: Ledger, system: str) -> int:
    """How often `system` was resumed after it had been paused: tools from before the last time are out of date."""
    with ledger.reading() as connection:
        return _renewals(connection, system)


def _renewals(connection: Connection, system: str) -> int:
    mark = marks.get(connection, RENEWED + system)
    return 0 if mark is None else int(mark[0])


def surge(ledger: Ledger, now: datetime, *, factor: int, lasts: timedelta, why: str) -> datetime:
    """Multiply the caps by `factor` for at most 24 hours; until when."""
    until = now + min(lasts, LONGEST_SURGE)
    with ledger.writing() as connection:
        marks.put(connection, SURGE, {"factor": factor, "until": until.isoformat(), "why": why}, now)
    log.warning("surge", factor=factor, until=until.isoformat(), why=why)
    return until


def surge_factor(ledger: Ledger, now: datetime) -> int:
    """By what the caps are multiplied now."""
    with ledger.asking() as connection:
        mark = marks.get(connection, SURGE)
    if mark is None or datetime.fromisoformat(mark[0]["until"]) <= now:
        return 1
    return int(mark[0]["factor"])


def count_trouble(ledger: Ledger, now: datetime) -> None:
    """Pause issuing where 20 of the last 50 requests since the last `resume` ended in one and the same trouble."""
    asked = (
        select(requests.c.trouble)
        .where(requests.c.decided_at.is_not(None))
        .order_by(requests.c.state_at.desc())
        .limit(LOOKED_AT)
    )
    with ledger.reading() as connection:
        resumed = marks.get(connection, RESUMED)
        if resumed is not None:
            asked = asked.where(requests.c.state_at > resumed[1])
        troubles = list(connection.execute(asked).scalars())
    for trouble in set(troubles) - {""}:
        if troubles.count(trouble) >= TOO_MANY and paused(ledger) is None:
            why = f"{troubles.count(trouble)} of the last {len(troubles)} requests ended as: {trouble}"
            pause(ledger, now, everything=False, why=why)
