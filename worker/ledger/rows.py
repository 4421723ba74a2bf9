"""Rows of the ledger as values."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row

from worker.ledger.states import State

StepState = Literal["planned", "begun", "done", "failed", "dropped", "forged"]
"""`forged` is in no ledger: the row isn't as the worker wrote it (`worker.ledger.authentic`)."""


@dataclass(frozen=True)
class Request:
    """One request as the ledger has it; the columns are explained in `schema.requests`."""

    id: int
    system: str
    ticket_id: str
    number: str
    other_numbers: tuple[str, ...]
    person: str
    user_name: str
    opener: str
    filed_at: datetime
    seen_at: datetime
    answers_digest: str
    number_digest: str
    decided_digest: str
    edited_at: datetime | None
    state: State
    state_at: datetime
    due_at: datetime | None
    waits_for: str
    wait_row: str
    wait_since: datetime | None
    attempts: int
    round: int
    outcome: str
    then_option: str
    rule_row: str
    because: str
    next_step: str
    proof: str
    evidence: tuple[str, ...]
    tables_version: str
    decided_at: datetime | None
    delivered_at: datetime | None
    duo_user_id: str
    address_digest: str
    facts: bytes | None
    baseline: dict[str, list[str]]
    followed: dict[str, Any]
    trouble: str
    how: str
    handed_over: bool
    markers_accepted: bool
    revoke_note: str
    pokes: int
    lease_owner: str
    lease_until: int
    fence: int
    bugs: int
    deaths: int

    @property
    def key(self) -> str:
        """The request's name in everything that is derived from it; never changes."""
        return f"{self.system}:{self.ticket_id}"


@dataclass(frozen=True)
class StepRow:
    """One step of a request. `intents` has one entry per attempt, the last one last."""

    id: int
    request_id: int
    seq: int
    round: int
    name: str
    target: int
    state: StepState
    attempts: int
    intents: tuple[dict[str, Any], ...]
    result: dict[str, Any]
    secret: bytes | None
    begun_at: datetime | None
    ended_at: datetime | None
    seal: str = ""

    @property
    def intent(self) -> dict[str, Any]:
        """What the latest attempt was about to do."""
        return self.intents[-1] if self.intents else {}


@dataclass(frozen=True)
class Planned:
    """A step to be added to a request: its name and, for one that undoes another, that one's `seq`."""

    name: str
    target: int = 0


def request_of(row: Row[Any]) -> Request:
    """The row as a value."""
    values = row._asdict()
    values["state"] = State(values["state"])
    values["other_numbers"] = tuple(values["other_numbers"])
    values["evidence"] = tuple(values["evidence"])
    return Request(**{name: values[name] for name in _REQUEST_FIELDS})


def step_of(row: Row[Any]) -> StepRow:
    """The row as a value."""
    values = row._asdict()
    values["intents"] = tuple(values["intents"])
    return StepRow(**values)


_REQUEST_FIELDS = tuple(field.name for field in fields(Request))
