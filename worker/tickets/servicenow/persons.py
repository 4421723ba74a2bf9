"""Who a request is for, who opened it, and who else would read a comment."""

from collections.abc import Iterable

from connectors.servicenow.table import Row
from worker.tickets.servicenow.layout import Layout
from worker.tickets.servicenow.settings import TicketSettings
from worker.tickets.ticket import Person

LONGEST = 255
"""Of any field of a person; what is longer is no name or address, and counts as not given: cut, it would be another."""


def person(row: Row, layout: Layout, settings: TicketSettings) -> Person:
    """Whom the item is for; where it doesn't say (older instances), whom the request is for (ServiceNow facts §1.5)."""
    of_item = f"{layout.item}requested_for"
    return _person(row, of_item if row.get(of_item) else f"{layout.request}requested_for", settings)


def opener(row: Row, layout: Layout) -> Person:
    """Who submitted the item."""
    return _person(row, f"{layout.item}opened_by")


def persons_agree(row: Row, layout: Layout) -> bool:
    """Whether item and request name one person, as far as both name one."""
    named = {row.get(f"{prefix}requested_for", "") for prefix in (layout.item, layout.request)}
    return len(named - {""}) <= 1


def watched(row: Row, layout: Layout, parties: Iterable[Person]) -> bool:
    """Whether a watch list of task or item names anybody beside `parties`, or can't be read."""
    lists = [row.get(f"{prefix}watch_list") for prefix in ("", layout.item)]
    known = {text.casefold() for party in parties for text in (party.id, party.email)}
    return any(names is None or not _names(names) <= known for names in lists)


def _person(row: Row, reference: str, settings: TicketSettings | None = None) -> Person:
    def value(name: str) -> str:
        given = row.get(f"{reference}.{name}", "")
        return given if len(given) <= LONGEST else ""

    def values(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(given for name in names if (given := value(name)))

    return Person(
        id=row.get(reference, ""),
        user_name=value("user_name"),
        first_name=value("first_name"),
        email=value("email"),
        trusted_numbers=values(settings.trusted_number_fields) if settings else (),
        trusted_addresses=values(settings.trusted_address_fields) if settings else (),
    )


def _names(watch_list: str) -> set[str]:
    """The sys_ids and addresses of a watch list."""
    return {name.strip().casefold() for name in watch_list.split(",") if name.strip()}
