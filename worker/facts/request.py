"""The request as filed, and what became of it at the ticket system."""

from datetime import datetime

from rules.facts import Request
from worker.facts.known import Known
from worker.facts.parties import same
from worker.tickets.ticket import Ticket


def about_request(ticket: Ticket, known: Known, *, me: str, marker_prefix: str, now: datetime) -> Request:
    """`me` is the worker's user name at the ticket system, `marker_prefix` what every work note of ours carries."""
    return Request(
        device=ticket.answers.device,
        preferred=ticket.answers.preferred,
        phone_os=ticket.answers.phone_os,
        problem=next(iter(ticket.problems), ""),
        approval=ticket.approval,
        age=now - ticket.filed_at,
        closed=ticket.state == "closed",
        technician=ticket.assignee != "" and not same(ticket.assignee, me),
        persons_agree=ticket.persons_agree,
        unknown_marker=not known.in_ledger and _was_ours(ticket, me, marker_prefix),
        edited=known.edited_since_decided,
    )


def _was_ours(ticket: Ticket, me: str, marker_prefix: str) -> bool:
    """Whether we were at this ticket; a text that merely quotes our marker, by anybody else, is none of ours."""
    return ticket.touched or any(
        note.kind == "work_note" and same(note.author, me) and marker_prefix in note.text for note in ticket.notes
    )
