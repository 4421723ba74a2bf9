"""The rows of requests: added by the poll, moved by whoever has the claim, and by nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from worker.ledger import events
from worker.ledger.authentic import as_ours, put, seal
from worker.ledger.columns import NOW, Instant
from worker.ledger.database import Ledger
from worker.ledger.leases import GIVEN_BACK, Claim, fenced, fresh
from worker.ledger.rows import Planned, Request, StepRow, request_of, step_of
from worker.ledger.schema import requests, steps
from worker.ledger.seal import Keys
from worker.ledger.states import BUSY, State, check_move
from worker.ledger.upsert import insert_into


class PersonBusy(Exception):
    """Another request of the same person is acting, awaiting or unsure."""


@dataclass(frozen=True)
class Filed:
    """What the ledger keeps of a ticket when it first sees it."""

    system: str
    ticket_id: str
    number: str
    other_numbers: tuple[str, ...]
    person: str
    user_name: str
    opener: str
    filed_at: datetime
    answers_digest: str
    number_digest: str
    edited_at: datetime | None = None


def add(connection: Connection, filed: Filed, now: datetime) -> None:
    """A new request, due at once; without effect where another look has added it in the meantime."""
    values = {**_BLANK, **vars(filed), "other_numbers": list(filed.other_numbers)}
    adding = insert_into(connection, requests).values(**values, seen_at=now, state_at=now, due_at=now)
    key = connection.execute(adding.on_conflict_do_nothing().returning(requests.c.id)).scalar_one_or_none()
    if key is not None:
        events.note(connection, key, "request_seen", now)


def by_ticket(connection: Connection, system: str, ticket_id: str) -> Request | None:
    """The request of a ticket, by the system's own id."""
    asked = select(requests).where(requests.c.system == system, requests.c.ticket_id == ticket_id)
    row = connection.execute(asked).one_or_none()
    return None if row is None else request_of(row)


def changed(
    connection: Connection, request: Request, now: datetime, *, edited: Filed | None, edited_at: datetime | None
) -> None:
    """The ticket changed: look at it at once, and remember it where answers or person did (`edited`)."""
    values: dict[str, Any] = {"due_at": now, "pokes": requests.c.pokes + 1}
    if edited is not None:
        values |= {"answers_digest": edited.answers_digest, "number_digest": edited.number_digest}
        values |= {"edited_at": edited_at}
        events.note(connection, request.id, "request_edited", now)
    connection.execute(update(requests).where(requests.c.id == request.id).values(**values))


class Due(NamedTuple):
    """A request that is due, and its ticket."""

    id: int
    ticket_id: str


def due(ledger: Ledger, now: datetime, *, limit: int) -> Sequence[Due]:
    """Requests that are due and that nobody has, the most urgent first.

    Undoing comes before delivering, delivering before deciding, and all of them before watching.
    """
    with ledger.reading() as connection:
        return [Due(*row) for row in connection.execute(_DUE, {"due_by": now, "limit": limit})]


def next_due(ledger: Ledger) -> datetime | None:
    """When the earliest waiting request is due; None where none waits."""
    with ledger.reading() as connection:
        earliest: datetime | None = connection.execute(select(func.min(requests.c.due_at))).scalar_one()
    return earliest


def move(
    ledger: Ledger,
    holder: Claim,
    to: State,
    now: datetime,
    *,
    event: str,
    plan: Iterable[Planned] = (),
    detail: dict[str, Any] | None = None,
    **values: Any,
) -> Claim:
    """Write a state, in one transaction with the steps it brings: the one function that does.

    Steps not done are dropped, begun ones too: what was decided before no longer holds, and what they may have done
    is for the undo list. The request is due at once.

    Raises:
        PersonBusy: The state is one of which a person may have one request, and another has it.
        LeaseLost: Nothing was written.
    """
    check_move(holder.request.state, to)
    settled = {"state": to, "state_at": now, "due_at": now, "waits_for": "", "attempts": 0, **values}
    try:
        with fenced(ledger, holder, **settled) as connection:
            _replace_plan(connection, ledger.keys, holder.request.id, plan)
            events.note(connection, holder.request.id, event, now, **(detail or {}))
            return fresh(connection, holder)
    except IntegrityError as taken:
        if not any(name in str(taken.orig) for name in _ONE_PER_PERSON):
            raise
        raise PersonBusy(holder.request.number) from taken


def postpone(
    ledger: Ledger, holder: Claim, due_at: datetime | None, waits_for: str, now: datetime, **values: Any
) -> None:
    """Nothing more now: due again at `due_at`, or when the ticket changes (None). The claim ends with it.

    If it changed since it was claimed it is due at once, whatever was asked.
    """
    bound = {"pokes_then": holder.pokes, "later": due_at, "soon": now}
    with fenced(ledger, holder, bound, due_at=_WHEN, waits_for=waits_for, **{**values, **GIVEN_BACK}):
        pass


def remember(ledger: Ledger, holder: Claim, **values: Any) -> Claim:
    """Set `values`; the state stays."""
    with fenced(ledger, holder, **values) as connection:
        return fresh(connection, holder)


def record(ledger: Ledger, holder: Claim, now: datetime, event: str, **values: Any) -> None:
    """Set `values` and write an event; the state stays."""
    with fenced(ledger, holder, **values) as connection:
        events.note(connection, holder.request.id, event, now)


def other_of_person(connection: Connection, request: Request) -> Request | None:
    """The busy request of the same person, if another one is."""
    row = connection.execute(
        select(requests).where(
            requests.c.system == request.system,
            requests.c.person == request.person,
            requests.c.id != request.id,
            requests.c.state.in_(BUSY),
        )
    ).first()
    return None if row is None else request_of(row)


def wake_others(connection: Connection, request: Request, now: datetime) -> None:
    """This request of the person ended: whichever of theirs waits for it is looked at now."""
    connection.execute(
        update(requests)
        .where(requests.c.system == request.system, requests.c.person == request.person)
        .where(requests.c.id != request.id, requests.c.state == State.NEW, requests.c.due_at.is_not(None))
        .values(due_at=now, pokes=requests.c.pokes + 1)
    )


def wake_waiting(connection: Connection, now: datetime) -> None:
    """Whatever waits for a time is looked at now; so is what somebody may be putting back to wait just now."""
    connection.execute(
        update(requests)
        .where(or_(requests.c.due_at > now, requests.c.lease_owner != ""))
        .values(due_at=now, pokes=requests.c.pokes + 1)
    )


def wake_held_up(connection: Connection, row: str, now: datetime) -> None:
    """Whatever isn't decided because of this row is looked at now; so is what somebody may be deciding so just now."""
    waits = and_(requests.c.wait_row == row, requests.c.due_at > now)
    connection.execute(
        update(requests)
        .where(requests.c.state == State.NEW, or_(waits, requests.c.lease_owner != ""))
        .values(due_at=now, pokes=requests.c.pokes + 1)
    )


def wake_after_jump(connection: Connection, now: datetime) -> None:
    """The clock was set back: what was about to be due is looked at now, not an hour later. Watching isn't hurried."""
    connection.execute(
        update(requests)
        .where(requests.c.due_at > now, requests.c.state != State.AWAITING)
        .values(due_at=now, pokes=requests.c.pokes + 1)
    )


def _replace_plan(connection: Connection, keys: Keys, request_id: int, plan: Iterable[Planned]) -> None:
    _drop_plan(connection, keys, request_id)
    if planned := tuple(plan):
        round_, last = connection.execute(_PLACE, {"request": request_id}).one()
        rows = [
            StepRow(0, request_id, last + place, round_, step.name, step.target, **_UNBEGUN)
            for place, step in enumerate(planned, start=1)
        ]
        connection.execute(_PLANNED, [_inserted(keys, row) for row in rows])


def _drop_plan(connection: Connection, keys: Keys, request_id: int) -> None:
    """What is planned or begun is dropped; a row that isn't the worker's is so for the database alone."""
    for row in connection.execute(_OPEN, {"request": request_id}).all():
        step = as_ours(keys, step_of(row))
        if step.state == "forged":
            connection.execute(update(steps).where(steps.c.id == step.id).values(state="dropped"))
        else:
            put(connection, keys, replace(step, state="dropped"))


def _inserted(keys: Keys, step: StepRow) -> dict[str, Any]:
    values = {name: value for name, value in vars(step).items() if name != "id"}
    return {**values, "seal": seal(keys, step)}


# Made once, as they stand in every look and every move.
_ENDED = (State.HELD, State.UNSURE, State.REFUSED, State.CLOSED)
_URGENCY = case(
    (requests.c.state.in_(_ENDED), 0),
    (requests.c.state == State.ACTING, 1),
    (requests.c.state == State.NEW, 2),
    else_=3,
)
_DUE = (
    select(requests.c.id, requests.c.ticket_id)
    .where(requests.c.due_at <= bindparam("due_by"), requests.c.lease_until < NOW)
    .order_by(_URGENCY, requests.c.due_at, requests.c.id)
    .limit(bindparam("limit"))
)
_WHEN = case(
    (requests.c.pokes == bindparam("pokes_then"), bindparam("later", type_=Instant)),
    else_=bindparam("soon", type_=Instant),
)
_OPEN = select(steps).where(steps.c.request_id == bindparam("request"), steps.c.state.in_(("planned", "begun")))
_PLANNED = insert(steps)
_PLACE = select(
    requests.c.round,
    func.coalesce(select(func.max(steps.c.seq)).where(steps.c.request_id == requests.c.id).scalar_subquery(), 0),
).where(requests.c.id == bindparam("request"))
_ONE_PER_PERSON = ("one_busy_request_per_person", "requests.system, requests.person")
_UNBEGUN: dict[str, Any] = {
    "state": "planned", "attempts": 0, "intents": (), "result": {}, "secret": None, "begun_at": None, "ended_at": None,
}  # fmt: skip
_BLANK: dict[str, Any] = {
    "state": State.NEW,
    "waits_for": "",
    "wait_row": "",
    "attempts": 0,
    "round": 0,
    "decided_digest": "",
    "outcome": "",
    "then_option": "",
    "rule_row": "",
    "because": "",
    "next_step": "",
    "proof": "",
    "evidence": [],
    "tables_version": "",
    "duo_user_id": "",
    "baseline": {},
    "followed": {},
    "address_digest": "",
    "trouble": "",
    "how": "",
    "handed_over": False,
    "markers_accepted": False,
    "revoke_note": "",
    "pokes": 0,
    "lease_owner": "",
    "lease_until": 0,
    "fence": 0,
    "bugs": 0,
    "deaths": 0,
}
