"""Steps that write to the ticket. Each is looked for by the marker that ends its work note."""

from datetime import datetime
from functools import partial

from worker.case import Case
from worker.deciding import look_up
from worker.ledger import seen
from worker.ledger.database import Within, nothing
from worker.ledger.rows import StepRow
from worker.markers import note_marker
from worker.steps.step import Again, Done, NotYet, Result, Seen
from worker.tell import moment_of
from worker.tickets.ticket import Written


class TakenOver(Exception):
    """The answer to our write shows that a technician has the ticket, or closed it."""


def tell(case: Case, row: StepRow) -> Result:
    """One write: state, comment and work note of the moment the step is named after."""
    return Result(also=_write(case, row)[1])


def take(case: Case, row: StepRow) -> Result:
    """As `tell`, and the ticket must be ours afterwards.

    Raises:
        TakenOver: It isn't; the work note is written all the same.
    """
    written, note_it = _write(case, row)
    if written.state == "closed" or written.assignee.casefold() != case.worker.me.casefold():
        with case.worker.ledger.writing() as connection:
            note_it(connection)
        raise TakenOver(case.request.number)
    return Result(also=note_it)


def tell_delivered(case: Case, row: StepRow) -> Result:
    """As `tell`; the moment it was done is when the person was served."""
    return Result(also=_write(case, row)[1], values={"delivered_at": case.now})


def tell_reminder(case: Case, row: StepRow) -> Result:
    """As `tell`; the steps are said again with where the link went, as fresh answers have it."""
    if case.gathered is None:
        look_up(case)
    return tell(case, row)


def look_for_note(case: Case, row: StepRow) -> Seen:
    """Whether the journal carries the note; what was read of the ticket before our lost write is forgotten."""
    case.worker.tickets.forget(case.request.ticket_id)
    tickets = case.worker.systems.tickets
    if tickets.written(case.ticket.id, note_marker(case, row)):
        return Done(Result(values=_delivered_at(row)))
    over = (row.begun_at or case.now) + tickets.runs_on
    return Again() if over <= case.now else NotYet(over)


def _delivered_at(row: StepRow) -> dict[str, datetime | None]:
    return {"delivered_at": row.begun_at} if row.name == "tell_delivered" else {}


def _write(case: Case, row: StepRow) -> tuple[Written, Within]:
    """The write, and what it made of the ticket; and what notes that, so that the next poll doesn't take it for news.

    Nothing is asked of anybody after the write: a failure then would make it look as if it hadn't been sent.
    """
    ticket = case.ticket
    moment = moment_of(case, row, note_marker(case, row))
    written = case.worker.systems.tickets.write(ticket, moment)
    if written.only_ours is False:
        case.forget()
        return written, nothing
    case.see(ticket, written)
    if written.only_ours is None:
        return written, nothing
    return written, partial(seen.put, system=ticket.system, ticket_id=ticket.id, stamp=written.stamp, now=case.now)
