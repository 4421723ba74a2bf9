"""`TicketSearch`: what is understood narrows the result, anything else is ignored (TeamDynamix facts §3.1)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from connectors.sandbox.teamdynamix.records import Refusal, Ticket
from connectors.sandbox.teamdynamix.site import Site

Holds = Callable[[Site, Ticket, Any], bool]


def found(site: Site, app: int, asked: Mapping[str, Any]) -> list[Ticket]:
    """Tickets of the application, in an order of no meaning, cut silently at MaxResults (300 if none; 0: all)."""
    filters = [(holds, asked[name]) for name, holds in FILTERS.items() if _given(site, asked, name)]
    fitting = [
        each
        for each in site.tickets.values()
        if each.app == app
        and each.id not in site.switches.hidden_tickets
        and all(holds(site, each, value) for holds, value in filters)
    ]
    fitting.sort(key=lambda each: (each.id * 7919) % 10007)
    most = asked.get("MaxResults")
    limit = site.switches.search_default if most is None else int(most)
    return fitting[:limit] if limit else fitting


def moment(text: str) -> datetime:
    """A date of ours; raises a 400 for none, offsets are needed."""
    try:
        at = datetime.fromisoformat(re.sub(r"Z$", "+00:00", text))
    except (TypeError, ValueError) as error:
        raise Refusal(400, "The request is invalid.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _given(site: Site, asked: Mapping[str, Any], name: str) -> bool:
    return asked.get(name) not in (None, [], "", 0) and name not in site.switches.ignored_filters


def _class(site: Site, ticket: Ticket) -> int:
    status = site.apps[ticket.app].status(ticket.status)
    return status.status_class if status else 0


def _text(_site: Site, ticket: Ticket, wanted: str) -> bool:
    texts = (ticket.title, ticket.description, *ticket.attributes.values(), *(entry.body for entry in ticket.feed))
    return any(wanted.casefold() in text.casefold() for text in texts)


FILTERS: Final[Mapping[str, Holds]] = {
    "TicketID": lambda _, ticket, value: ticket.id == value,
    "FormIDs": lambda _, ticket, value: ticket.form in value,
    "StatusIDs": lambda _, ticket, value: ticket.status in value,
    "StatusClassIDs": lambda site, ticket, value: _class(site, ticket) in value,
    "RequestorUids": lambda _, ticket, value: ticket.requestor in value,
    "ResponsibilityUids": lambda _, ticket, value: ticket.responsible in value,
    "PrimaryResponsibilityGroupIDs": lambda _, ticket, value: ticket.group in value,
    "ModifiedDateFrom": lambda _, ticket, value: ticket.modified >= moment(value),
    "ModifiedDateTo": lambda _, ticket, value: ticket.modified <= moment(value),
    "CreatedDateFrom": lambda _, ticket, value: ticket.created >= moment(value),
    "CreatedDateTo": lambda _, ticket, value: ticket.created <= moment(value),
    "SearchText": _text,
}
