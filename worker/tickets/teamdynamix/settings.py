"""What this tenant calls things: applications with their forms, statuses and attributes, which differ between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Statuses:
    """Status ids of one application."""

    open: int
    work_in_progress: int
    pending: int
    closed_complete: int
    closed_incomplete: int
    awaiting_approval: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()


@dataclass(frozen=True)
class Attributes:
    """Attribute ids of one application; 0: the form doesn't ask."""

    device: int
    phone_number: int = 0
    phone_os: int = 0
    preferred: int = 0
    affected_person: int = 0


@dataclass(frozen=True)
class App:
    """One ticketing application."""

    id: int
    forms: tuple[int, ...]
    statuses: Statuses
    attributes: Attributes
    reset_forms: tuple[int, ...] = ()

    @property
    def all_forms(self) -> tuple[int, ...]:
        """All forms that are looked at."""
        return (*self.forms, *self.reset_forms)


@dataclass(frozen=True)
class TicketSettings:
    """Everything about the tickets that differs from tenant to tenant.

    Of a name with an @ that domain is left out by `strip_domain` which is one of `login_domains` or below one; any
    domain where none is named. `choices` are what a choice's label, or id, stands for (ours by theirs), by our name of
    the attribute. `hold_for` is how far off the date of a status is that needs one.
    """

    apps: tuple[App, ...]
    hold_group: str
    user_name_field: str = "UserName"
    strip_domain: bool = True
    login_domains: tuple[str, ...] = ()
    comments_are_mailed: bool = True
    pending_needs_date: bool = False
    hold_for: timedelta = timedelta(days=8)
    search_limit: int = 300
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    phone_regions: tuple[str, ...] = ("US",)
    trusted_number_fields: tuple[str, ...] = ()
    trusted_address_fields: tuple[str, ...] = ()

    def app(self, app_id: int) -> App | None:
        """The one of that id."""
        return next((app for app in self.apps if app.id == app_id), None)
