"""How the worker is doing, told from the ledger alone: for `status`, `/health` and alarms."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from worker import brakes, findings
from worker.ledger import leases, marks, views
from worker.ledger.database import Ledger
from worker.ledger.schema import budgets
from worker.poll import LAST_POLL
from worker.settings import Settings
from worker.steps.fingerprint import PROBE

LATE = 4
"""Missed polls that make the worker unhealthy."""
NEVER_YET = "polling: never yet; begin with: duo-worker run, or one pass of it: duo-worker once"
SHOWN = 10
"""Findings that `status` prints."""


def health(ledger: Ledger, settings: Settings, now: datetime) -> dict[str, Any]:
    """Plain values. `healthy` is false where polling is late or stopped, or a brake is on that nobody asked for."""
    with ledger.reading() as connection:
        polled = marks.get(connection, LAST_POLL)
        stopped = marks.get(connection, brakes.STOPPED_POLL)
        proven = marks.get(connection, PROBE) is not None
        due, oldest = views.backlog(connection, now)
        states = views.counted(connection)
        found = findings.listed(connection, now)
        under_way = leases.held_now(connection)
        clock = int(connection.execute(select(ledger.now)).scalar_one())
        slots = {row.system: max(0.0, (row.next_slot - clock) / 1e6) for row in connection.execute(select(budgets))}
    brake = brakes.paused(ledger)
    paused = {name: why for name in brakes.SYSTEMS if (why := brakes.paused_system(ledger, name))}
    age = None if polled is None else now - polled[1]
    late = age is None or age > settings.worker.poll_every * LATE + timedelta(minutes=1)
    return {
        "healthy": not late and stopped is None and not paused,
        "polls": not late,
        "mode": settings.worker.mode,
        "last_poll_age_seconds": None if age is None else round(age.total_seconds()),
        "polling_stopped": "" if stopped is None else stopped[0],
        "paused": "" if brake is None else brake.why,
        "paused_everything": brake is not None and brake.all,
        "paused_systems": paused,
        "surge_factor": brakes.surge_factor(ledger, now),
        "due": due,
        "oldest_due_seconds": 0 if oldest is None else round((now - oldest).total_seconds()),
        "under_way": under_way,
        "states": states,
        "budget_wait_seconds": {name: round(wait, 1) for name, wait in slots.items()},
        "require_proof": settings.policy.require_proof,
        "guards_off": list(settings.policy.guards_off),
        "fingerprint_proven": proven,
        "findings": [{"at": one.at.isoformat(), "kind": one.kind, "sentence": one.sentence} for one in found],
        "findings_by_kind": findings.counted(found),
    }


def sentences(found: dict[str, Any]) -> Iterator[str]:
    """`health` for people."""
    yield f"{'healthy' if found['healthy'] else 'NOT HEALTHY'} · mode {found['mode']}"
    age = found["last_poll_age_seconds"]
    explained = found["polling_stopped"] or found["paused_everything"] or found["paused_systems"]
    late = "" if found["polls"] or explained else "; see whether duo-worker run is running, and its log"
    yield NEVER_YET if age is None else f"polling: the last good poll was {age} s ago{late}"
    if found["polling_stopped"]:
        yield f"  {found['polling_stopped']}"
    if found["paused"]:
        what = "everything" if found["paused_everything"] else "issuing"
        yield f"paused: {what} ({found['paused']}); lift it with: duo-worker resume"
    for system, why in found["paused_systems"].items():
        yield f"paused: {system} ({why}); mend it, then: duo-worker resume"
    if found["surge_factor"] > 1:
        yield f"surge: caps an hour are {found['surge_factor']} times as high"
    yield f"backlog: {found['due']} due, the oldest for {found['oldest_due_seconds']} s; {found['under_way']} under way"
    yield "requests: " + ", ".join(f"{count} {state}" for state, count in found["states"].items())
    waits = ", ".join(f"{name} {wait} s" for name, wait in found["budget_wait_seconds"].items())
    yield f"next free call: {waits or 'nothing was called yet'}"
    if not found["require_proof"]:
        yield "PROOF IS NOT REQUIRED: [policy] require_proof is false"
    if found["guards_off"]:
        yield f"guards that are off: {', '.join(found['guards_off'])}"
    if not found["fingerprint_proven"]:
        yield "a lost answer of Duo ends as unsure: run duo-worker check --probe-user NAME once"
    shown = found["findings"][-SHOWN:]
    if shown:
        yield f"found in the last {findings.KEPT.days} days ({len(found['findings'])}, the last ones first):"
    for one in reversed(shown):
        yield f"  {one['at'][:16].replace('T', ' ')} UTC · {one['kind']} · {one['sentence']}"
