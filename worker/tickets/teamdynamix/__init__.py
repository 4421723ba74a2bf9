"""TeamDynamix tickets as tickets of ours, and the moments of design §10 as its feeds, statuses and patches."""

from worker.tickets.teamdynamix.settings import App, Attributes, Statuses, TicketSettings
from worker.tickets.teamdynamix.tickets import TeamDynamixTickets

__all__ = ["App", "Attributes", "Statuses", "TeamDynamixTickets", "TicketSettings"]
