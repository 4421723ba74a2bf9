"""What an application calls things: applications, forms, statuses, attributes with their choices."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from connectors.teamdynamix.fields import number, objects, text
from connectors.teamdynamix.session import Tenant

TICKETING: Final = "TDTickets"
OF_TICKETS: Final = 9  # componentId


@dataclass(frozen=True)
class Named:
    """Something with an id and a name; `choices` are those of an attribute."""

    id: int
    name: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Status:
    """A status of one application; `needs_date`: it can't be set without a date on which it ends."""

    id: int
    name: str
    status_class: int
    needs_date: bool


def applications(tenant: Tenant) -> tuple[Named, ...]:
    """The ticketing applications that the account sees."""
    found = objects(tenant.get("applications"))
    return tuple(Named(number(row, "AppID"), text(row, "Name")) for row in found if text(row, "AppClass") == TICKETING)


def forms(tenant: Tenant, app: int) -> tuple[Named, ...]:
    """The forms of one application."""
    return tuple(Named(number(row, "ID"), text(row, "Name")) for row in objects(tenant.get(f"{app}/tickets/forms")))


def statuses(tenant: Tenant, app: int) -> tuple[Status, ...]:
    """The active statuses of one application."""
    return tuple(
        Status(number(row, "ID"), text(row, "Name"), number(row, "StatusClass"), row.get("RequireGoesOffHold") is True)
        for row in objects(tenant.get(f"{app}/tickets/statuses"))
    )


def attributes(tenant: Tenant, app: int) -> tuple[Named, ...]:
    """The custom attributes of one application's tickets; protected and inactive ones are left out by TeamDynamix."""
    found = objects(tenant.get(f"attributes/custom?componentId={OF_TICKETS}&associatedTypeId=0&appId={app}"))
    return tuple(
        Named(
            number(row, "ID"), text(row, "Name"), tuple(text(choice, "Name") for choice in objects(row.get("Choices")))
        )
        for row in found
    )


def assignable(tenant: Tenant, app: int, user_uid: str, name: str) -> bool:
    """Whether that account is among those who can be made responsible for tickets."""
    rows = objects(tenant.get(f"{app}/tickets/resources?searchText={quote(name, safe='')}"))
    return any(user_uid in (text(row, "UID").casefold(), text(row, "Value").casefold()) for row in rows)
