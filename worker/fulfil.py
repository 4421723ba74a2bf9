"""Carrying out what is planned, so that a crash between any two lines leaves nothing undone and nothing doubled.

Knows no step and no system: only that a step is written down before it is sent and after it is answered, and that
one found begun is looked at before anything is sent again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable
from worker.case import Case
from worker.lease_time import renewed
from worker.ledger import leases, steps
from worker.ledger.database import Check
from worker.ledger.rows import StepRow
from worker.steps.step import Again, CannotTell, Done, NextAttempt, NotYet, Result, Step


class Wait(Exception):
    """Nothing more can be done before `until` (None: before the ticket changes); `what` says what is waited for.

    `values` are written to the request's row.
    """

    def __init__(self, until: datetime | None, what: str, **values: Any) -> None:
        super().__init__(what)
        self.until = until
        self.what = what
        self.values = values


class Doubt(Exception):
    """A step's effect can't be told; `why` is a sentence for a technician."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step = step
        self.why = why


class Exhausted(Exception):
    """Every attempt of a step was lost and undone: nothing of it is alive."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


Before = Callable[[Case, StepRow], Check]


def fulfil(case: Case, table: Mapping[str, Step], *, before: Before) -> None:
    """Carry out the steps that the journal doesn't have as done, in order; the first that can't be ends it.

    `before` is asked ahead of each: it raises whatever forbids going on, and what it returns is asked once more in the
    transaction that lets the step begin. Errors of the connectors pass through; a
    step whose call raised `Unavailable` or `Misconfigured` was not sent, one that raised `Refused` has failed, one
    that raised `Uncertain` stays begun.

    Raises:
        Wait, Doubt, Exhausted: As they say; also CapReached, LeaseLost and the four errors.
    """
    for row in case.pending():
        _carry_out(case, row, table[row.name], before)


def take_back(case: Case, table: Mapping[str, Step], *, before: Before) -> None:
    """As `fulfil`, for steps that don't rest on each other, undoing and telling: each is tried, whatever others met.

    Raises:
        ConnectorError: The first that a step met; a mail that is refused is none, as it must not stop the rest.
    """
    first: ConnectorError | None = None
    for row in case.pending():
        try:
            _carry_out(case, row, table[row.name], before)
        except Refused as refused:
            first = first or (refused if table[row.name].matters else None)
        except ConnectorError as failed:
            first = first or failed
    if first is not None:
        raise first


def _carry_out(case: Case, row: StepRow, step: Step, before: Before) -> None:
    resumed = False
    if row.state == "begun":
        match step.look(case, row):
            case Done(result):
                return _end(case, row, result)
            case Again():
                resumed = True
            case NextAttempt() if row.attempts >= step.attempts:
                raise Exhausted(row.name)
            case NextAttempt():
                pass
            case NotYet(until):
                raise Wait(until, "a lost answer to be found out")
            case CannotTell(why):
                raise Doubt(row.name, why)
    allowed = before(case, row)
    if resumed:
        return _send_again(case, row, step, allowed)
    return _send(case, row, step, allowed)


def _send(case: Case, row: StepRow, step: Step, allowed: Check) -> None:
    ledger = case.worker.ledger
    cap = step.cap(case) if step.cap else None
    intent = step.intend(case, row)
    slot = case.worker.slot(step.calls)

    def first(connection: Connection) -> None:
        allowed(connection)
        slot.take(connection)

    begun = case.wrote(steps.begin(ledger, case.claim, row, intent, case.now, cap=cap, first=first))
    renewed(case.worker.lease)
    try:
        with slot.lent():
            result = step.act(case, begun)
    except (Unavailable, Misconfigured):
        case.wrote(steps.not_sent(ledger, case.claim, row))
        raise
    except Refused as refused:
        if step.refusal_is_final:
            case.wrote(steps.refused(ledger, case.claim, begun, refused.code, case.now))
        raise
    _end(case, begun, result)


def _send_again(case: Case, row: StepRow, step: Step, allowed: Check) -> None:
    leases.renew(case.worker.ledger, case.claim, first=allowed)
    renewed(case.worker.lease)
    _end(case, row, step.act(case, row))


def _end(case: Case, row: StepRow, result: Result) -> None:
    secret = result.secret.reveal() if result.secret else None
    case.claim, done = steps.end(
        case.worker.ledger,
        case.claim,
        row,
        case.now,
        result=result.note,
        secret=secret,
        made_phone=result.made_phone,
        also=result.also,
        **result.values,
    )
    case.wrote(done)
