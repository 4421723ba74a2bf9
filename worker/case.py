"""One request while it is worked on: the claim, the ticket and the Duo user as read now, and the tools."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from worker.facts.gather import Gathered
from worker.ledger import requests, steps
from worker.ledger.leases import Claim
from worker.ledger.rows import Planned, Request, StepRow
from worker.ledger.states import State
from worker.tickets.ticket import Ticket, Written

if TYPE_CHECKING:
    from worker.worker import Worker

FRESH = timedelta(seconds=60)
"""How old ticket and Duo user may be when something is sent on their account."""

_SUBSTANCE = ("person", "opener", "persons_agree", "answers", "problems", "approval", "approvers")

Clock = Callable[[], datetime]

log = structlog.get_logger()


class TicketGone(Exception):
    """The ticket system doesn't show the ticket any more."""


@dataclass(frozen=True)
class SeenPhone:
    """The phone that has the number of the request, as Duo said at that time."""

    phone_id: str
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may still be acted on."""
        return now - FRESH <= self.at <= now


@dataclass
class Case:
    """Changes as the work goes on: `claim` with every move, `gathered` whenever the facts are read anew."""

    worker: "Worker"
    claim: Claim
    gathered: Gathered | None = None
    gathered_at: datetime | None = None
    gathered_of: Ticket | None = None
    steps_read: tuple[StepRow, ...] | None = None
    is_put_back: bool = False
    made_phone: SeenPhone | None = None
    look_in: timedelta | None = None  # how soon the ladder wants to look again; None: as scheduled

    @property
    def request(self) -> Request:
        return self.claim.request

    @property
    def now(self) -> datetime:
        return self.worker.clock()

    @property
    def ticket(self) -> Ticket:
        """The ticket, at most a minute old; read when it is first asked for.

        Raises:
            TicketGone: The system doesn't show it any more.
        """
        ticket = self.worker.tickets.get(self.request.ticket_id)
        if ticket is None:
            raise TicketGone(self.request.number)
        return ticket

    @property
    def found(self) -> Gathered:
        """Facts and Duo user; only asked for where they were read."""
        if self.gathered is None:
            raise AssertionError("a step that needs the Duo user ran before the facts were gathered")
        return self.gathered

    def is_fresh(self) -> bool:
        """Whether the facts are young enough to act on, and of the ticket as it is; that one always is."""
        if self.gathered is None or self.gathered_at is None:
            return False
        return self.now - FRESH <= self.gathered_at <= self.now and self._says_the_same()

    def _says_the_same(self) -> bool:
        """Whether all that facts are made of stands on the ticket as it did; a poll may have read it meanwhile."""
        before, now = self.gathered_of, self.ticket
        return before is not None and all(getattr(before, name) == getattr(now, name) for name in _SUBSTANCE)

    def journal(self) -> list[StepRow]:
        """All steps of the request so far; read, and each row proved, once for every plan that the case makes.

        Nobody else changes them while the claim holds, and every write asks whether it does.
        """
        if self.steps_read is None:
            self.steps_read = tuple(steps.of(self.worker.ledger, self.request.id))
        return list(self.steps_read)

    def wrote(self, step: StepRow) -> StepRow:
        """`step` is the row as it stands in the journal now."""
        self.steps_read = tuple(step if row.id == step.id else row for row in self.journal())
        return step

    def pending(self) -> list[StepRow]:
        """Those that are planned or begun."""
        return [row for row in self.journal() if row.state in ("planned", "begun")]

    def done(self, name: str) -> StepRow | None:
        """The latest finished step of this name in this round of deciding."""
        for row in reversed(self.journal()):
            if row.name == name and row.state == "done" and row.round == self.request.round:
                return row
        return None

    def move(self, to: State, event: str, *, plan: Iterable[Planned] = (), **values: Any) -> None:
        """Write the state with the steps it brings, and say so in the log."""
        before = self.request.state
        self.steps_read = None
        self.claim = requests.move(self.worker.ledger, self.claim, to, self.now, event=event, plan=plan, **values)
        row = self.request.rule_row
        log.info(event, ticket=self.request.number, before=str(before), state=str(to), row=row)

    def remember(self, **values: Any) -> None:
        """Set values on the request's row; the state stays."""
        self.claim = requests.remember(self.worker.ledger, self.claim, **values)

    def put_back(self, due_at: datetime | None, waits_for: str, **values: Any) -> None:
        """Nothing more now: due again at `due_at`, or when the ticket changes (None). The claim ends with it."""
        requests.postpone(self.worker.ledger, self.claim, due_at, waits_for, self.now, **values)
        self.is_put_back = True

    def see(self, ticket: Ticket, written: Written) -> None:
        """`ticket` as the answer to our own write shows it. Reads nothing: the write is done."""
        seen = replace(ticket, state=written.state, assignee=written.assignee, stamp=written.stamp)
        self.worker.tickets.keep(seen)

    def forget(self) -> None:
        """Somebody changed the ticket beside us: it and the facts are read anew when they are next asked for.

        Else our next write would look like the only change since, and the poll would pass over what they did.
        """
        self.worker.tickets.forget(self.request.ticket_id)
        self.gathered = None
