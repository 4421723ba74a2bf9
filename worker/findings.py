"""What was found and should not be, kept for `status`, /metrics and mails until it is a week old.

A finding names tickets and ids, never a person, a number or a secret.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from worker.ledger import marks

MARK = "findings"
KEPT = timedelta(days=7)
MOST = 100
"""Findings of one kind that are kept; of more, the latest."""

STRAY_CODE = "stray_code"
BUG = "bug"
UNREADABLE = "unreadable"
KINDS = (
    "code_alive",
    "push_alive",
    "never_undone",
    "close_missed",
    "ticket_gone",
    "device_gone",
    STRAY_CODE,
    BUG,
    UNREADABLE,
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Finding:
    """`kind` is one of KINDS, `key` what it is about: a thing is found once. `told`: a mail went out about it."""

    kind: str
    key: str
    sentence: str
    at: datetime
    told: bool = False


def report(connection: Connection, found: Iterable[Finding], now: datetime) -> None:
    """Keep what isn't known yet, and say it in the log."""
    known = listed(connection, now)
    seen = {(one.kind, one.key) for one in known}
    new = [one for one in found if (one.kind, one.key) not in seen]
    for one in new:
        log.error("found", kind=one.kind, about=one.key, sentence=one.sentence)
    if new:
        _keep(connection, [*known, *new], now)


def tell(connection: Connection, told: Finding, now: datetime) -> None:
    """A mail went out about this one."""
    _keep(connection, [replace(one, told=True) if one == told else one for one in listed(connection, now)], now)


def listed(connection: Connection, now: datetime) -> list[Finding]:
    """All that are kept, oldest first."""
    mark = marks.get(connection, MARK)
    found = [_from_json(each) for each in mark[0]] if mark else []
    return [one for one in found if one.at > now - KEPT]


def counted(found: Iterable[Finding]) -> dict[str, int]:
    """How many of each kind; every kind is there."""
    kinds = [one.kind for one in found]
    return {kind: kinds.count(kind) for kind in KINDS}


def _keep(connection: Connection, found: list[Finding], now: datetime) -> None:
    kept = [one for kind in KINDS for one in [each for each in found if each.kind == kind][-MOST:]]
    marks.put(connection, MARK, [_to_json(one) for one in sorted(kept, key=lambda one: one.at)], now)


def _to_json(one: Finding) -> dict[str, Any]:
    return {**vars(one), "at": one.at.isoformat()}


def _from_json(kept: dict[str, Any]) -> Finding:
    return Finding(**{**kept, "at": datetime.fromisoformat(kept["at"])})
