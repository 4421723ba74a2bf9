"""ServiceNow's catalogue requests as tickets, and the moments of §10 as its states, fields and notes."""

from worker.tickets.servicenow.settings import States, TicketSettings, Variables
from worker.tickets.servicenow.tickets import ServiceNowTickets

__all__ = ["ServiceNowTickets", "States", "TicketSettings", "Variables"]
