"""Requests brought where a test wants them, by the ledger's own functions."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.worker.ledger.conftest import NOW
from worker.ledger import leases, requests, steps
from worker.ledger.database import Ledger
from worker.ledger.leases import Claim
from worker.ledger.requests import Filed
from worker.ledger.rows import Planned, Request, StepRow
from worker.ledger.states import State

LEASE = timedelta(minutes=3)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
ORDINARY = Filed("servicenow", "t1", "SCTASK1", ("RITM1", "REQ1"), "p1", "dana.fox", "p1", NOW, "answers", "")


def add(ledger: Ledger, ticket: str = "t1", at: datetime = NOW, **differs: Any) -> int:
    """A request filed of `ticket`, each of a person of its own; its id."""
    person = differs.get("person", f"of {ticket}")
    filed = {"ticket_id": ticket, "number": f"N{ticket}", "other_numbers": (), "person": person, "opener": person}
    with ledger.writing() as connection:
        requests.add(connection, replace(ORDINARY, **{**filed, **differs}), at)
    return read(ledger, ticket, differs.get("system", "servicenow")).id


def read(ledger: Ledger, ticket: str = "t1", system: str = "servicenow") -> Request:
    with ledger.reading() as connection:
        found = requests.by_ticket(connection, system, ticket)
    assert found is not None
    return found


def claimed(ledger: Ledger, key: int) -> Claim:
    claim = leases.claim(ledger, key, owner="w", lease=LEASE, due_by=None)
    assert claim is not None
    return claim


def moved(ledger: Ledger, key: int, to: State, *plan: str, at: datetime = NOW, **values: Any) -> None:
    """Claimed, moved with these steps ahead, and given back."""
    claim = claimed(ledger, key)
    moved = requests.move(ledger, claim, to, at, event=f"to {to}", plan=[Planned(name) for name in plan], **values)
    leases.release(ledger, moved)


def begun(ledger: Ledger, key: int, name: str, at: datetime = NOW, intent: dict[str, Any] | None = None) -> StepRow:
    """The step of this name, begun then; as it was before."""
    claim = claimed(ledger, key)
    step = [step for step in steps.of(ledger, key) if step.name == name][-1]
    steps.begin(ledger, claim, step, intent or {}, at)
    leases.release(ledger, claim)
    return step


def asleep(ledger: Ledger, key: int, until: datetime | None = None) -> None:
    """Nothing more is to be done before `until`, or before the ticket changes."""
    claim = claimed(ledger, key)
    requests.postpone(ledger, claim, until, "something", NOW)
    leases.release(ledger, claim)
