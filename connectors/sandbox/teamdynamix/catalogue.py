"""The tenant's reference data: applications, statuses, forms, attributes and their choices. Ids differ between apps."""

from dataclasses import dataclass
from typing import Final

CLASSES: Final = {1: "New", 2: "InProcess", 3: "Completed", 4: "Cancelled", 5: "OnHold", 6: "Requested"}


@dataclass(frozen=True)
class Status:
    """One status of one application."""

    id: int
    name: str
    status_class: int
    requires_date: bool = False
    is_default: bool = False


@dataclass(frozen=True)
class Attribute:
    """One custom attribute of tickets; `choices` are labels by id, `name` is ours for the acts."""

    id: int
    name: str
    label: str
    field_type: str
    choices: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class App:
    """One ticketing application, as each college has one."""

    id: int
    name: str
    statuses: tuple[Status, ...]
    forms: tuple[tuple[int, str], ...]
    attributes: tuple[Attribute, ...]

    @property
    def enrolment_form(self) -> int:
        return self.forms[0][0]

    @property
    def reset_form(self) -> int:
        return self.forms[1][0]

    def status(self, status_id: int) -> Status | None:
        return next((each for each in self.statuses if each.id == status_id), None)

    def of_class(self, status_class: int) -> Status:
        return next(each for each in self.statuses if each.status_class == status_class)

    def named(self, name: str) -> Attribute:
        """By our name; raises KeyError where the form has no such question."""
        for each in self.attributes:
            if each.name == name:
                return each
        raise KeyError(f"the form has no {name}")

    def attribute(self, attribute_id: int) -> Attribute | None:
        return next((each for each in self.attributes if each.id == attribute_id), None)


def _app(app_id: int, name: str, base: int) -> App:
    statuses = (
        Status(base + 1, "New", 1, is_default=True),
        Status(base + 2, "In Process", 2),
        Status(base + 3, "Waiting for Customer", 5, requires_date=True),
        Status(base + 4, "Resolved", 3),
        Status(base + 5, "Cancelled", 4),
        Status(base + 6, "Escalated", 2),
        Status(base + 7, "Awaiting Approval", 6),
        Status(base + 8, "Rejected", 4),
    )
    forms = ((base + 11, "MFA: Duo"), (base + 12, "Password Reset"), (base + 13, "General Request"))
    attributes = (
        Attribute(
            base + 21,
            "device_type",
            "Device type",
            "dropdown",
            ((base + 31, "Duo Mobile"), (base + 32, "Security key")),
        ),
        Attribute(base + 22, "mobile_number", "Mobile number", "textbox"),
        Attribute(
            base + 23,
            "phone_os",
            "Phone system",
            "dropdown",
            ((base + 33, "iPhone"), (base + 34, "Android"), (base + 35, "Other")),
        ),
        Attribute(base + 24, "preferred_method", "Preferred method", "textbox"),
        Attribute(base + 25, "affected_person", "Affected person", "personlookup"),
    )
    return App(app_id, name, statuses, forms, attributes)


APPS: Final = (_app(31, "District Help Desk", 1000), _app(47, "GWCC Help Desk", 2000))
PORTAL_APP: Final = 36  # a client portal: listed beside the ticketing applications, and no place for tickets
