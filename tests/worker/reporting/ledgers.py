"""Requests as the ledger has them after a life that a test tells in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from worker.ledger import requests, sightings
from worker.ledger.database import Ledger
from worker.ledger.requests import Filed
from worker.ledger.schema import events, steps
from worker.ledger.schema import requests as table
from worker.ledger.sightings import Sighting
from worker.ledger.states import State

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Life:
    """One request. What happened to it is told in spans since it was filed."""

    ticket: str
    filed_at: datetime
    person: str = "dana"
    option: str = ""
    then: str = ""
    state: State = State.NEW
    row: str = ""
    how: str = ""
    decided: timedelta = timedelta()
    delivered: Sequence[timedelta] = ()
    enrolled: timedelta | None = None
    devices: tuple[str, ...] = ()
    held: Sequence[tuple[timedelta, str]] = ()  # when, and the row its event has; "": none
    taken_over: timedelta | None = None
    codes: Sequence[tuple[timedelta, timedelta]] = ()  # made after, valid for
    taken_back: Sequence[int] = ()  # places among the codes
    warned: timedelta | None = None
    more: dict[str, Any] = field(default_factory=dict)


def tell(ledger: Ledger, *lives: Life) -> None:
    """Write them into the ledger."""
    for life in lives:
        _write(ledger, life)


def log_in(ledger: Ledger, person: str, at: datetime, *, factor: str = "bypass_code") -> None:
    """Duo's log told of a log-in."""
    with ledger.writing() as connection:
        sightings.put(connection, [Sighting(f"{person}{at}", user_id(person), at, factor, "US")], at)


def user_id(person: str) -> str:
    return f"DU{person.upper()}"


def _write(ledger: Ledger, life: Life) -> None:
    filed = Filed(
        "servicenow", life.ticket, life.ticket, (), life.person, life.person, life.person, life.filed_at, "", ""
    )
    with ledger.writing() as connection:
        requests.add(connection, filed, life.filed_at)
        found = requests.by_ticket(connection, "servicenow", life.ticket)
        assert found is not None
        if life.state is State.AWAITING:
            connection.execute(update(table).where(table.c.id == found.id).values(state=State.ACTING))
        connection.execute(update(table).where(table.c.id == found.id).values(**_columns(life)))
        for seq, row in enumerate(_steps(life), start=1):
            connection.execute(insert(steps).values(request_id=found.id, seq=seq, **row))
        for row in _events(life):
            connection.execute(insert(events).values(request_id=found.id, **row))


def _columns(life: Life) -> dict[str, Any]:
    return {
        "outcome": life.option,
        "then_option": life.then,
        "state": life.state,
        "state_at": life.filed_at,
        "rule_row": life.row,
        "how": life.how,
        "decided_at": life.filed_at + life.decided if life.option else None,
        "duo_user_id": user_id(life.person),
        "followed": {"devices": list(life.devices)} if life.devices else {},
        **life.more,
    }


def _steps(life: Life) -> list[dict[str, Any]]:
    rows = [
        _step(
            life, "code_in_push", made, intents=[{"user_id": user_id(life.person)}], result=_until(life, made + valid)
        )
        for made, valid in life.codes
    ]
    rows += [_step(life, "revoke_code", DAY, target=place + 1) for place in life.taken_back]
    rows += [_step(life, "tell_delivered", after) for after in life.delivered]
    return rows + ([_step(life, "notice_warning", life.warned)] if life.warned is not None else [])


def _until(life: Life, after: timedelta) -> dict[str, str]:
    return {"until": (life.filed_at + after).isoformat()}


def _step(life: Life, name: str, after: timedelta, **differs: Any) -> dict[str, Any]:
    at = life.filed_at + after
    done: dict[str, Any] = {"round": 1, "name": name, "target": 0, "state": "done", "attempts": 1, "intents": [{}]}
    return {**done, "result": {}, "begun_at": at, "ended_at": at + timedelta(seconds=2), **differs}


def _events(life: Life) -> list[dict[str, Any]]:
    rows = [_event(life, "request_held", after, {"row": row} if row else {}) for after, row in life.held]
    rows += [_event(life, "technician_took_over", life.taken_over, {})] if life.taken_over is not None else []
    return rows + ([_event(life, "request_enrolled", life.enrolled, {})] if life.enrolled is not None else [])


def _event(life: Life, name: str, after: timedelta, detail: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "at": life.filed_at + after, "detail": detail}
