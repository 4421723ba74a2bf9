"""The ledger's rows as stories."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from worker.ledger import past
from worker.ledger.rows import Request, StepRow
from worker.ledger.states import State
from worker.ledger.views import Event
from worker.reporting.story import Code, Hold, Story, option_of

DELIVERED, CODE, REVOKED, WARNED = "tell_delivered", "code_in_push", "revoke_code", "notice_warning"
ENROLLED = "request_enrolled"
TAKEN_OVER, TECHNICIAN = "technician_took_over", "technician"
HELD = ("request_held", "request_unsure", TAKEN_OVER)


def stories(connection: Connection, since: datetime) -> list[Story]:
    """Every request filed since then, the oldest first."""
    steps = past.steps_named(connection, (DELIVERED, CODE, REVOKED, WARNED), since)
    events = past.events_named(connection, (ENROLLED, *HELD), since)
    return [
        _story(
            request, [step for step in steps.get(request.id, ()) if step.state == "done"], events.get(request.id, ())
        )
        for request in past.filed_since(connection, since)
    ]


def _story(request: Request, done: Sequence[StepRow], events: Sequence[Event]) -> Story:
    enrolled = [event.at for event in events if event.name == ENROLLED]
    enrolled_at = min(enrolled, default=request.state_at if request.how == "enrolled" else None)
    return Story(
        ticket=request.number,
        option=option_of(request.outcome, past.chosen(request.outcome, request.then_option)),
        standing="enrolled" if request.state is State.CLOSED and enrolled_at else str(request.state),
        held_for=request.rule_row if request.state in (State.HELD, State.UNSURE) else "",
        filed_at=request.filed_at,
        delivered_at=_first(DELIVERED, done),
        enrolled_at=enrolled_at,
        for_a_look=not enrolled_at and bool(request.followed.get("devices")) and not request.handed_over,
        warned_at=_first(WARNED, done),
        holds=tuple(_holds(request, events)),
        codes=tuple(_codes(done)),
    )


def _first(name: str, done: Sequence[StepRow]) -> datetime | None:
    """When a step of this name was first done: its beginning, as its end may be told only after a crash."""
    return min((step.begun_at for step in done if step.name == name and step.begun_at), default=None)


def _holds(request: Request, events: Sequence[Event]) -> list[Hold]:
    """Each with its event's reason; the last one's is on the request as well, unless it was decided anew since."""
    found = [Hold(event.at, _row(event)) for event in events if event.name in HELD]
    if found and not found[-1].row and (request.decided_at is None or request.decided_at <= found[-1].at):
        found[-1] = Hold(found[-1].at, request.rule_row)
    return found


def _row(event: Event) -> str:
    return TECHNICIAN if event.name == TAKEN_OVER else str(event.detail.get("row", ""))


def _codes(done: Sequence[StepRow]) -> list[Code]:
    taken_back = {step.target for step in done if step.name == REVOKED}
    return [
        Code(
            step.begun_at, datetime.fromisoformat(step.result["until"]), step.seq in taken_back, step.intent["user_id"]
        )
        for step in done
        if step.name == CODE and step.begun_at
    ]
