"""Steps that write to the ticket. Each is looked for by the marker that ends its work note."""

from datetime import datetime

from worker.case import Case
from worker.deciding import look_up
from worker.ledger import seen
from worker.ledger.rows import StepRow
from worker.markers import note_marker
from worker.steps.step import Again, Done, Result, Seen
from worker.tell import moment_of
from worker.tickets.ticket import Written


class TakenOver(Exception):
    """The answer to our write shows that a technician has the ticket, or closed it."""


def tell(case: Case, row: StepRow) -> Result:
    """One write: state, comment and work note of the moment the step is named after."""
    moment = moment_of(case, row, note_marker(case, row))
    written = case.worker.systems.tickets.write(case.ticket, moment)
    _remember(case, written)
    return Result()


def take(case: Case, row: StepRow) -> Result:
    """As `tell`, and the ticket must be ours afterwards.

    Raises:
        TakenOver: It isn't; the work note is written all the same.
    """
    result = tell(case, row)
    if case.ticket.state == "closed" or case.ticket.assignee.casefold() != case.worker.me.casefold():
        raise TakenOver(case.ticket.number)
    return result


def tell_delivered(case: Case, row: StepRow) -> Result:
    """As `tell`; the moment it was done is when the person was served."""
    result = tell(case, row)
    return Result(note=result.note, values={"delivered_at": case.now})


def tell_reminder(case: Case, row: StepRow) -> Result:
    """As `tell`; the steps are said again with where the link went, as fresh answers have it."""
    if case.gathered is None:
        look_up(case)
    return tell(case, row)


def look_for_note(case: Case, row: StepRow) -> Seen:
    """Whether the journal carries the note; what was read of the ticket before our lost write is forgotten."""
    case.worker.tickets.forget(case.request.ticket_id)
    if not case.worker.systems.tickets.written(case.ticket.id, note_marker(case, row)):
        return Again()
    return Done(Result(values=_delivered_at(row)))


def _delivered_at(row: StepRow) -> dict[str, datetime | None]:
    return {"delivered_at": row.begun_at} if row.name == "tell_delivered" else {}


def _remember(case: Case, written: Written) -> None:
    """What our own write made of the ticket, so that neither the cache nor the next poll takes it for news."""
    case.see(written)
    if written.only_ours:
        with case.worker.ledger.writing() as connection:
            seen.put(connection, case.ticket.system, case.ticket.id, written.stamp, case.now)
