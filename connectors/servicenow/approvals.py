"""Who decided on an approval (ServiceNow facts §1.2, §1.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from connectors.servicenow.instance import Instance
from connectors.servicenow.related import related

TABLE: Final = "sysapproval_approver"


@dataclass(frozen=True)
class Approval:
    """One approver's row. `record` is the sys_id of what was to be approved; `state` is ServiceNow's word."""

    record: str
    user_name: str
    state: str  # requested, approved, rejected, not_required, …


def approvals(instance: Instance, records: Iterable[str]) -> tuple[Approval, ...]:
    """All approver rows of `records`. One call for 200 records."""
    found = related(instance, TABLE, "sysapproval", records, ("state", "approver.user_name"))
    return tuple(Approval(row["sysapproval"], row.get("approver.user_name", ""), row.get("state", "")) for row in found)
