"""One look at the ticket system: what is new or changed becomes rows that are due, in one transaction with the mark.

The mark is the newest stamp read, never "now"; windows overlap, and readings dealt with are passed over. An empty poll
moves nothing. Rows that weren't asked for are never touched; too many of them stop polling until an operator looks.
"""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from worker.brakes import STOPPED_POLL
from worker.filing import filed, substance
from worker.findings import UNREADABLE, Finding, report
from worker.fresh import FreshTickets
from worker.ledger import marks, requests, resets, seen
from worker.ledger.database import Ledger
from worker.tickets.system import Tickets
from worker.tickets.ticket import Poll, Reading, Ticket, Unchanged, Unreadable

MARK = "poll_mark"
LAST_POLL = "last_poll"
OVERLAP = timedelta(minutes=3)
REMEMBERED = timedelta(days=60)
"""How long a reading that was dealt with is passed over: longer than any request is served."""

log = structlog.get_logger()


class PollStopped(Exception):
    """Too many foreign rows came: the query isn't understood the way it is meant. The text is for an operator."""


@dataclass(frozen=True)
class Polling:
    """What a poll needs. Requests filed before `start_from` are left to people.

    `afresh` looks at everything since then once more, whatever was dealt with: for `once --since`.
    """

    ledger: Ledger
    tickets: Tickets
    fresh: FreshTickets
    start_from: datetime
    foreign_rows_max: int
    afresh: bool = False


def poll(polling: Polling, now: datetime) -> int:
    """Take in what changed since the mark; how many tickets that were.

    Raises:
        ConnectorError: The ticket system couldn't be read; nothing was taken in.
        PollStopped: More than `foreign_rows_max` rows came that weren't asked for; nothing was taken in.
    """
    with polling.ledger.reading() as connection:
        _refuse_stopped(connection)
        mark = marks.get(connection, MARK)
    since = polling.start_from
    if mark is not None and not polling.afresh:
        since = datetime.fromisoformat(mark[0]) - OVERLAP
    found = polling.tickets.changed(since, _is_seen(polling))
    if found.foreign > polling.foreign_rows_max and polling.tickets.adapt():
        found = polling.tickets.changed(since, _is_seen(polling))
    take_in(polling, found, now)
    return len(found.tickets)


def reconcile(polling: Polling, now: datetime) -> int:
    """Take in open tickets whatever their stamp: what time missed is found by state."""
    with polling.ledger.reading() as connection:
        _refuse_stopped(connection)
    found = polling.tickets.waiting(_is_seen(polling))
    take_in(polling, found, now)
    return len(found.tickets)


def take_in(polling: Polling, found: Poll, now: datetime) -> None:
    """Write what a look found: all of it and the mark, or nothing."""
    if found.foreign > polling.foreign_rows_max:
        _stop(polling, found.foreign, now)
    for ticket in found.tickets:
        polling.fresh.keep(ticket)
    with polling.ledger.writing() as connection:
        for ticket in found.tickets:
            _take_in(connection, polling, ticket, now)
            seen.put(connection, ticket.system, ticket.id, ticket.stamp, now)  # last, as where a step ends: one order
        report(connection, (_finding(each, now) for each in found.unreadable), now)
        if found.mark is not None:
            _move_mark(connection, found.mark, now)
        marks.put(connection, LAST_POLL, {}, now)
        seen.forget(connection, now - REMEMBERED)
    if found.tickets or found.foreign:
        log.info("polled", tickets=len(found.tickets), foreign=found.foreign)


def _take_in(connection: Connection, polling: Polling, ticket: Ticket, now: datetime) -> None:
    if ticket.kind == "password_reset":
        return resets.put(connection, ticket.system, ticket.id, ticket.person.id, ticket.filed_at)
    keys = polling.ledger.keys
    known = requests.by_ticket(connection, ticket.system, ticket.id)
    if known is None:
        if ticket.state != "closed" and ticket.filed_at >= polling.start_from:
            requests.add(connection, filed(ticket, keys), now)
        return None
    edited = None if keys.same(substance(ticket), known.answers_digest) else filed(ticket, keys)
    return requests.changed(connection, known, now, edited=edited, edited_at=ticket.changed_at)


def _finding(hidden: Unreadable, now: datetime) -> Finding:
    name = hidden.number or hidden.id
    return Finding(UNREADABLE, hidden.id, f"{name} is left alone: {hidden.why}; others can be read", now)


def _is_seen(polling: Polling) -> Unchanged:
    def unchanged(readings: Collection[Reading]) -> AbstractSet[Reading]:
        if polling.afresh or not readings:
            return frozenset()
        with polling.ledger.reading() as connection:
            return seen.known(connection, polling.tickets.system, readings)

    return unchanged


def _move_mark(connection: Connection, mark: datetime, now: datetime) -> None:
    known = marks.get(connection, MARK)
    if known is None or datetime.fromisoformat(known[0]) < mark:
        marks.put(connection, MARK, mark.isoformat(), now)


def _refuse_stopped(connection: Connection) -> None:
    stopped = marks.get(connection, STOPPED_POLL)
    if stopped is not None:
        raise PollStopped(stopped[0])


def _stop(polling: Polling, foreign: int, now: datetime) -> None:
    sentence = (
        f"polling stopped: {foreign} rows came that weren't asked for (foreign_rows_max is {polling.foreign_rows_max});"
        " look at catalog_items and the account's permissions (duo-worker check), then run: duo-worker resume"
    )
    with polling.ledger.writing() as connection:
        marks.put(connection, STOPPED_POLL, sentence, now)
    log.error("polling_stopped", foreign=foreign)
    raise PollStopped(sentence)
