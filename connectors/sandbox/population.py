"""Who is in the sandbox's district beside the people who ask: the staff, each in the groups that make them staff."""

from typing import Final

from connectors.sandbox.duo import Duo
from connectors.sandbox.people import DISTRICT, DuoPhone, DuoProfile, Person
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.teamdynamix import TeamDynamix

SERVICE_DESK: Final = "Service Desk"
IDENTITY_DESK: Final = "Identity Desk"
HOLD_GROUP: Final = "Duo Hold Queue"
PRIVILEGED: Final = "Duo Admins"


def _staff(user_name: str, number: str, *groups: str, privileged: bool = False) -> Person:
    role, name = user_name.split(".")
    first, last = name.title(), role.title()
    email = f"{first}.{last}@{DISTRICT}".lower()
    duo = DuoProfile(
        phones=(DuoPhone(number, "apple ios", activated=True),),
        groups=(PRIVILEGED,) if privileged else (),
        email=email,
    )
    return Person(user_name, first, last, email, number=number, groups=groups, duo=duo, kind="staff")


STAFF: Final = (
    _staff("desk.dana", "+14805559901", SERVICE_DESK),
    _staff("desk.dev", "+14805559902", SERVICE_DESK),
    _staff("identity.ines", "+14805559903", IDENTITY_DESK),
    _staff("identity.ivan", "+14805559904", IDENTITY_DESK),
    _staff("technician.tom", "+14805559905", HOLD_GROUP),
    _staff("approver.ada", "+14805559906"),
    _staff("administrator.ann", "+14805559907", privileged=True),
)


def move_in(people: tuple[Person, ...], servicenow: ServiceNow, teamdynamix: TeamDynamix, duo: Duo) -> None:
    """Put everybody into both help sites, and into Duo who belongs there."""
    for group in (SERVICE_DESK, IDENTITY_DESK, HOLD_GROUP):
        servicenow.add_group(group)
        teamdynamix.add_group(group)
    for person in people:
        servicenow.add_person(person)
        teamdynamix.add_person(person)
        duo.add_person(person)
