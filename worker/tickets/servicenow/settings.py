"""What this instance calls things: tables, variables, choices, states, groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Variables:
    """Names of the form's variables; an empty name: the form doesn't ask."""

    device: str = "device_type"
    phone_number: str = "mobile_number"
    phone_os: str = "phone_os"
    preferred: str = "preferred_method"

    def named(self) -> tuple[str, ...]:
        """Those the form asks."""
        return tuple(filter(None, (self.device, self.phone_number, self.phone_os, self.preferred)))


@dataclass(frozen=True)
class States:
    """Raw values of `state`."""

    open: str = "1"
    work_in_progress: str = "2"
    pending: str = "-5"
    closed_complete: str = "3"
    closed_incomplete: str = "4"


@dataclass(frozen=True)
class TicketSettings:
    """Everything about the tickets that differs from instance to instance.

    `choices` are what the answers to a variable stand for (ours by theirs), by our name of the variable; our own words
    always stand for themselves. `username` is the account's own name, empty where ServiceNow is to tell it.
    """

    catalog_items: tuple[str, ...]
    hold_group: str
    reset_items: tuple[str, ...] = ()
    write_to: Literal["task", "item"] = "task"
    passphrase_field: str = ""
    username: str = ""
    variables: Variables = Variables()
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    states: States = States()
    phone_regions: tuple[str, ...] = ("US",)
    trusted_number_fields: tuple[str, ...] = ()
    trusted_address_fields: tuple[str, ...] = ()
    plain_queries: bool = False  # the instance doesn't heed dot-walked conditions

    @property
    def items(self) -> tuple[str, ...]:
        """All catalogue items that are looked at."""
        return (*self.catalog_items, *self.reset_items)
