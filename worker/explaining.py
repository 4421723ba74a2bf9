"""What would be done about a ticket now: read, decided, planned; nothing is written, not even to the ledger."""

from dataclasses import dataclass

from connectors.errors import Refused
from rules.decide import decide
from rules.decision import Decision
from rules.facts import OPTIONS, Facts
from rules.plan import plan
from worker.facts.gather import gather
from worker.known import known
from worker.ledger import requests, steps
from worker.ledger.rows import Request
from worker.markers import NOTE_PREFIX
from worker.shop import Shop
from worker.tickets.ticket import Ticket


@dataclass(frozen=True)
class Explained:
    """`request` is what the ledger has of it; None: nothing."""

    ticket: Ticket
    facts: Facts
    evidence: tuple[str, ...]
    decision: Decision
    steps: tuple[str, ...]
    request: Request | None


def explain(shop: Shop, number: str) -> Explained:
    """Ask ticket system and Duo about the ticket that people call `number`, and decide.

    Raises:
        Refused: No ticket of ours has the number, or several do.
    """
    worker = shop.worker
    ticket = worker.systems.tickets.find(number)
    if ticket is None:
        system = worker.systems.tickets.system
        raise Refused(system, "unknown", f"no request of the configured forms has number {number!r}")
    with shop.ledger.reading() as connection:
        request = requests.by_ticket(connection, ticket.system, ticket.id)
    now, journal = worker.clock(), steps.of(shop.ledger, request.id) if request else ()
    found = gather(
        ticket,
        known(shop.ledger, request, journal, ticket, worker.windows(now), me=worker.me),
        worker.directory(),
        worker.policy,
        worker.systems.duo,
        me=worker.me,
        marker_prefix=NOTE_PREFIX,
        now=now,
    )
    decision = decide(found.facts, worker.tables.guards, worker.tables.enrollment)
    planned = plan(decision.outcome, decision.then, found.facts) if decision.outcome in OPTIONS else ()
    return Explained(ticket, found.facts, found.evidence, decision, planned, request)
