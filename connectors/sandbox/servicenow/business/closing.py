"""What closing or reopening a task record does to its other fields (ServiceNow facts §1.3)."""

from connectors.sandbox.servicenow.business.change import Change
from connectors.sandbox.servicenow.records import dates


def derive_active(change: Change) -> None:
    """`active` follows the state's close_states; what a client wrote there doesn't stay."""
    if change.is_task:
        change.values["active"] = "false" if change.values["state"] in change.table.closed else "true"


def sign(change: Change) -> None:
    """Who closed it, when, and after how long; nothing of that on an open one."""
    if not change.is_task or not change.moved("active"):
        return
    if change.values["active"] == "true":
        change.values |= {"closed_at": "", "closed_by": "", "calendar_duration": ""}
        return
    opened = dates.moment(change.values["opened_at"] or change.hand.at)
    lasted = dates.moment("1970-01-01 00:00:00") + (dates.moment(change.hand.at) - opened)
    change.values |= {
        "closed_at": change.hand.at,
        "closed_by": change.hand.user_id,
        "calendar_duration": dates.stamp(lasted),  # durations are offsets from 1970 (§3.5)
    }
