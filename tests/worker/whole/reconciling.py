"""What the slow tick is tried on: requests in all states, and what should not be."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from tests.rig import Filed, Rig
from tests.worker.whole.delivered import KIND, MINUTE, delivered_code
from worker import reconcile
from worker.findings import Finding, listed
from worker.ledger import authentic, views
from worker.ledger.schema import requests
from worker.once import work_off
from worker.steps.code_rows import NAME as CODE_STEP


def delivered(rig: Rig) -> Filed:
    filed = delivered_code(rig)
    rig.once()  # takes in what the worker itself wrote, where that is news to it
    return filed


def closed(rig: Rig) -> Filed:
    """A request that is over, with everything taken back."""
    filed = delivered(rig)
    rig.site.close(filed.task.number, "technician.tom")
    rig.once()
    assert rig.request(filed).state == "closed"
    assert alive(rig) == 0
    rig.clock.pass_(10 * MINUTE)
    return filed


def enrolled(rig: Rig) -> Filed:
    filed = delivered(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    rig.clock.pass_(10 * MINUTE)
    rig.once()
    assert rig.request(filed).how == "enrolled"
    return filed


def tick(rig: Rig) -> None:
    rig.sandbox.duo.limits.clear()
    reconcile.reconcile(rig.shop)
    work_off(rig.shop)


def alive(rig: Rig) -> int:
    pushes = [push for push in rig.sandbox.password_pusher.pushes if not push.expired]
    return len(pushes) + len(rig.sandbox.duo.codes(rig.person(KIND).user_name))


def found(rig: Rig) -> list[Finding]:
    with rig.shop.ledger.reading() as connection:
        return listed(connection, rig.clock())


def kinds(rig: Rig) -> list[str]:
    return [one.kind for one in found(rig)]


def events(rig: Rig, filed: Filed) -> list[str]:
    with rig.shop.ledger.reading() as connection:
        return [event.name for event in views.story(connection, rig.request(filed))[1]]


def appear_late(rig: Rig, filed: Filed) -> None:
    """Duo carries out a call for a code after everything was taken back."""
    (step,) = [step for step in rig.steps(filed) if step.name == CODE_STEP]
    life = timedelta(seconds=step.intent["valid_secs"])
    rig.sandbox.duo.issue_code(rig.person(KIND).user_name, valid_for=life, uses=2)


def restore_push(rig: Rig) -> None:
    """The server is restored from a back-up, and with it a push that was expired since."""
    (push,) = rig.sandbox.password_pusher.pushes
    push.expired_on = None
    push.audit = [row for row in push.audit if row.kind != "expire"]


def put_to_sleep(rig: Rig, due_at: datetime | None = None) -> None:
    with rig.shop.ledger.writing() as connection:
        connection.execute(update(requests).values(due_at=due_at))


def rewrite(rig: Rig, filed: Filed, name: str, **changes: Any) -> None:
    """A step's row says something else, as if the worker had written it so."""
    (step,) = [step for step in rig.steps(filed) if step.name == name]
    with rig.shop.ledger.writing() as connection:
        authentic.put(connection, rig.shop.ledger.keys, replace(step, **changes))
