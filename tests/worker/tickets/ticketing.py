"""The ordinary settings of a ticket system, and the ordinary questions to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from connectors.sandbox.servicenow import ENROLMENT_ITEM, RESET_ITEM
from tests.connectors.servicenow.stand import Stand
from worker.tickets.servicenow import ServiceNowTickets, TicketSettings
from worker.tickets.ticket import Moment, Poll, Ticket

HOUR: Final = timedelta(hours=1)
HOLD_GROUP: Final = "Duo Hold Queue"
SETTINGS: Final = TicketSettings(
    catalog_items=(ENROLMENT_ITEM,),
    reset_items=(RESET_ITEM,),
    hold_group=HOLD_GROUP,
    passphrase_field="u_passphrase",
    choices={"device": {"Duo Mobile": "duo_mobile", "Security key": "security_key"}},
    trusted_number_fields=("u_hr_phone",),
    trusted_address_fields=("u_personal_email",),
)


def tickets_of(stand: Stand, *, page_size: int = 200, **differs: Any) -> ServiceNowTickets:
    return ServiceNowTickets(stand.instance(page_size=page_size), replace(SETTINGS, **differs), stand.clock)


def polled(stand: Stand, **differs: Any) -> Poll:
    return tickets_of(stand, **differs).changed(stand.clock() - HOUR)


def numbers(poll: Poll) -> list[str]:
    return sorted(ticket.number for ticket in poll.tickets)


def the_ticket(stand: Stand, **differs: Any) -> Ticket:
    """The one ticket there is."""
    (ticket,) = polled(stand, **differs).tickets
    return ticket


def a_moment(name: Any = "taken", **differs: Any) -> Moment:
    return replace(Moment(name=name, comment="", work_note="why and how", marker="[duo-worker abc]"), **differs)
