"""What the ledger keeps of a ticket: who and when; of the answers only a keyed digest, to see that they changed."""

from datetime import datetime, timedelta
from typing import Any

from worker.ledger.requests import Filed
from worker.ledger.rows import Request
from worker.ledger.seal import Keys
from worker.tickets.ticket import Ticket

SECOND = timedelta(seconds=1)
"""Stamps are whole seconds."""


def filed(ticket: Ticket, keys: Keys) -> Filed:
    """The ticket as a row."""
    number = ticket.answers.phone_number
    return Filed(
        system=ticket.system,
        ticket_id=ticket.id,
        number=ticket.number,
        other_numbers=ticket.other_numbers,
        person=person_key(ticket),
        user_name=ticket.person.user_name,
        opener=ticket.opener.id,
        filed_at=ticket.filed_at,
        answers_digest=keys.digest(substance(ticket)),
        number_digest=keys.digest(number) if number else "",
        edited_at=_edited_at(ticket),
    )


def _edited_at(ticket: Ticket) -> datetime | None:
    """When answers may have been edited before the request was first seen: a `#verified` from before doesn't count."""
    return ticket.answers_at - SECOND if ticket.answers_at > ticket.filed_at + SECOND else None


def edited_at(ticket: Ticket, request: Request, keys: Keys) -> datetime | None:
    """When answers or person last changed; where the ticket says something else than the last poll saw: at the latest.

    A `#verified` note from before that says nothing of what stands there now.
    """
    return request.edited_at if keys.same(substance(ticket), request.answers_digest) else ticket.changed_at


def spent(request: Request, at: datetime) -> dict[str, Any]:
    """What the ledger keeps where a `#verified` note from before `at` counts no more.

    A check of identity is for one giving: once what was given may have served somebody, or the request was over, it
    says nothing of who asks for more.
    """
    return {"edited_at": max(at, request.edited_at or at)}


def person_key(ticket: Ticket) -> str:
    """The person as the ledger knows them; a request that names nobody is a person of its own."""
    return ticket.person.id or f"nobody on {ticket.id}"


def substance(ticket: Ticket) -> str:
    """What must not change under way: whom it is for and what was answered."""
    answers = ticket.answers
    return f"{ticket.person.id}\n{answers.device}\n{answers.phone_number}\n{answers.phone_os}\n{answers.preferred}"
