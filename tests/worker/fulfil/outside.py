"""A request whose steps a test plans, and another side that answers as the test says; the ledger between is real."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from tests.worker.ledger.conftest import NOW
from worker.case import Case
from worker.fulfil import Wait, fulfil
from worker.gates import Slot
from worker.ledger import leases, requests, steps
from worker.ledger.database import Check, Ledger, nothing
from worker.ledger.rows import Planned, StepRow
from worker.ledger.schema import steps as table
from worker.ledger.states import State
from worker.steps.step import Result, Seen, Step

LEASE = timedelta(minutes=3)
LATER = NOW + timedelta(minutes=5)


@dataclass
class Tools:
    """What carrying out needs of a worker."""

    ledger: Ledger
    lease: timedelta = LEASE
    now: datetime = NOW
    slots: list["Watched"] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def slot(self, calls: str | None) -> Slot:
        self.slots.append(Watched(calls))
        return self.slots[-1]


class Watched(Slot):
    """One for what a step `calls`; `taken` are the states of steps as the transaction found them that took it."""

    def __init__(self, calls: str | None) -> None:
        super().__init__(None)
        self.calls = calls
        self.taken: list[str] = []
        self.is_lent = False

    def take(self, connection: Connection) -> None:
        self.taken += connection.execute(select(table.c.state).order_by(table.c.seq)).scalars()

    @contextmanager
    def lent(self) -> Iterator[None]:
        self.is_lent = True
        yield
        self.is_lent = False


@dataclass
class Outside:
    """The other side: `answers` by step, an exception is raised; `asked` is what came to it, with the row as it was."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, StepRow]] = field(default_factory=list)

    def act(self, case: Case, row: StepRow) -> Result:
        assert case.request.id == row.request_id, "it is a step of that case"
        self.asked.append((row.name, row))
        answer = self.answers.get(row.name, Result())
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Result)
        return answer

    def step(self, seen: Seen | None = None, **differs: Any) -> Step:
        def look(case: Case, row: StepRow) -> Seen:
            assert case.request.id == row.request_id, "it is a step of that case"
            assert row.state == "begun", "only what was begun is looked at"
            assert seen is not None, "nobody was to look"
            return seen

        return Step(self.act, look=look, **differs)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


def planned(ledger: Ledger, key: int, *names: str) -> Case:
    claim = leases.claim(ledger, key, owner="w", lease=LEASE, due_by=None)
    assert claim is not None
    plan = [Planned(name) for name in names]
    tools: Any = Tools(ledger)
    return Case(tools, requests.move(ledger, claim, State.ACTING, NOW, event="decided", plan=plan))


def states(case: Case) -> list[tuple[str, str]]:
    """As the ledger has them."""
    return [(row.name, row.state) for row in steps.of(case.worker.ledger, case.request.id)]


def row(case: Case, name: str) -> StepRow:
    return next(row for row in steps.of(case.worker.ledger, case.request.id) if row.name == name)


def begun(case: Case, name: str, **intent: Any) -> None:
    """The step was written down, and then the process died."""
    case.wrote(steps.begin(case.worker.ledger, case.claim, row(case, name), intent, NOW - timedelta(minutes=1)))


def nothing_forbids(_case: Case, _row: StepRow) -> Check:
    """For `before`."""
    return nothing


def holds_no_more(_case: Case, row: StepRow) -> Check:
    """As `before` that lets the step go on, until it begins."""

    def refuse(_: Connection) -> None:
        raise Wait(None, row.name)

    return refuse


def carry_out(case: Case, table: Mapping[str, Step]) -> None:
    fulfil(case, table, before=nothing_forbids)


def later_case(case: Case) -> Case:
    """The same request, read anew."""
    with case.worker.ledger.reading() as connection:
        return Case(case.worker, leases.fresh(connection, case.claim))
