"""Who is who on a ticket. User names are compared without regard to case; nobody is the same as a nameless one."""

from worker.tickets.ticket import Ticket


def same(one: str, other: str) -> bool:
    """Whether two user names mean one account; never where either is unknown."""
    return one != "" and one.casefold() == other.casefold()


def stranger(ticket: Ticket, user_name: str, me: str) -> bool:
    """Whether `user_name` is neither the affected person, nor who opened the ticket, nor the worker itself.

    False as well where any of them is unknown: then it can't be told.
    """
    parties = (ticket.person.user_name, ticket.opener.user_name, me)
    return bool(user_name) and all(parties) and not any(same(user_name, party) for party in parties)
