"""Where in a row of the table that is written to things stand, and which fields one page asks for."""

from dataclasses import dataclass
from typing import Final

from connectors.servicenow.table import Row
from worker.tickets.servicenow.settings import TicketSettings
from worker.tickets.ticket import Stamp

ITEMS: Final = "sc_req_item"

_PERSON: Final = ("user_name", "first_name", "email")
_OWN: Final = ("sys_id", "number", "state", "active", "assigned_to", "assigned_to.user_name")
_OF_BOTH: Final = ("approval", "watch_list", "sys_mod_count", "sys_updated_on")
_OF_ITEM: Final = ("number", "active", "cat_item", "sys_created_on", "request", "requested_for", "opened_by")


@dataclass(frozen=True)
class Layout:
    """`table` is the one written to; `item` is what leads from there to the item's fields."""

    table: str
    item: str

    @property
    def request(self) -> str:
        """What leads to the request's fields; a task has its own reference to it."""
        return "request."

    @property
    def item_reference(self) -> str:
        """The field with the item's sys_id."""
        return self.item.rstrip(".") or "sys_id"

    @property
    def stamps(self) -> tuple[str, ...]:
        """The fields that say when the record and its item last changed."""
        return tuple(dict.fromkeys(("sys_updated_on", f"{self.item}sys_updated_on")))

    @property
    def written(self) -> tuple[str, ...]:
        """What the answer to a write is asked for."""
        item = (f"{self.item}{name}" for name in ("active", "sys_mod_count"))
        return tuple(dict.fromkeys((*_OWN, "sys_mod_count", *item)))

    @property
    def filled(self) -> tuple[str, ...]:
        """Fields that hold something in every row; behind an ACL they are absent, or empty if dot-walked."""
        own = ("number", "state", "active", "sys_mod_count", "sys_updated_on")
        of_item = ("number", "sys_mod_count", "sys_updated_on", "sys_created_on")
        return (*own, *(f"{self.item}{name}" for name in of_item))

    @property
    def shown(self) -> tuple[str, ...]:
        """Fields that every row has, empty or not."""
        return ("assigned_to", "approval", f"{self.item}approval")

    def stamp(self, row: Row) -> str:
        """The two counts of changes, as "task/item"."""
        return f"{row.get('sys_mod_count', '')}/{row.get(f'{self.item}sys_mod_count', '')}"

    def unreadable(self, row: Row) -> list[str]:
        """Fields without which a row can't be told what it is, and which the account isn't shown."""
        empty = [name for name in self.filled if not row.get(name)]
        return empty + [name for name in self.shown if name not in row]

    def is_next(self, before: Stamp, after: Stamp) -> bool:
        """Whether one write of the record, or none, leads from `before` to `after`, and the item stayed as it was.

        A write of ours that touches the item too is taken for somebody else's: then the ticket is read once more.
        """
        own, item = before.split("/")
        once = str(int(own) + 1) if own.isdigit() else ""
        return after in (before, f"{once}/{item if self.item else once}")

    def fields(self, settings: TicketSettings) -> tuple[str, ...]:
        """All that a ticket is made of but notes and approvers, so that one page brings it."""
        person = (*_PERSON, *settings.trusted_number_fields, *settings.trusted_address_fields)
        variables = (f"variables.{name}" for name in settings.variables.named())
        names = (
            *_OWN,
            *_OF_BOTH,
            self.item_reference,
            *(f"{self.item}{name}" for name in (*_OF_ITEM, *_OF_BOTH, *variables)),
            *(f"{self.item}requested_for.{name}" for name in person),
            *(f"{self.item}opened_by.{name}" for name in _PERSON),
            *(f"{self.request}{name}" for name in ("number", "approval", "requested_for")),
            *(f"{self.request}requested_for.{name}" for name in person),
        )
        return tuple(dict.fromkeys(names))


TASK: Final = Layout("sc_task", "request_item.")
ITEM: Final = Layout(ITEMS, "")


def layout(settings: TicketSettings) -> Layout:
    """The one that goes with `write_to`."""
    return TASK if settings.write_to == "task" else ITEM
