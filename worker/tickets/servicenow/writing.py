"""A moment as ServiceNow's fields: state, assignment, comment and work note of one write."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never

from worker.tickets.servicenow.settings import States
from worker.tickets.ticket import Moment

_CODE_TAG: Final = re.compile(r"\[(/?code)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Desk:
    """The sys_ids a ticket is assigned to, looked up when they are needed."""

    worker: Callable[[], str]
    hold_group: Callable[[], str]


def fields_of(moment: Moment, states: States, desk: Desk, passphrase_field: str) -> dict[str, str]:
    """What to send. The passphrase is in it in clear."""
    fields = _hand(moment, states, desk)
    fields["work_notes"] = plain_text(f"{moment.work_note}\n{moment.marker}")
    if moment.comment:
        fields["comments"] = plain_text(moment.comment)
    if moment.empty_passphrase and passphrase_field:
        fields[passphrase_field] = ""
    if moment.passphrase is not None:
        if not passphrase_field:
            raise ValueError("a passphrase for a field, and no passphrase_field is set up")
        fields[passphrase_field] = moment.passphrase.reveal()
    return fields


def plain_text(text: str) -> str:
    """`text` with no part that journals would show as HTML (ServiceNow facts §1.4)."""
    return _CODE_TAG.sub(r"(\1)", text)


def _hand(moment: Moment, states: States, desk: Desk) -> dict[str, str]:
    """State and assignment; a ticket that isn't ours any more keeps both."""
    match moment.name:
        case "taken":
            return {"state": states.work_in_progress, "assigned_to": desk.worker()}
        case "delivered" | "reminder":
            return {"state": states.pending}
        case "enrolled":
            return {"state": states.closed_complete}
        case "given_up":
            return {"state": states.closed_incomplete}
        case "held":
            return {"state": states.open, "assigned_to": "", "assignment_group": desk.hold_group()}
        case "stepped_back" | "closed" | "refused":
            return {}
        case _:
            assert_never(moment.name)
