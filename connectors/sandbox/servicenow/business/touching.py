"""What every write leaves on a record, and a customer's rule by which a task's write leaves it on the item too."""

from collections.abc import Iterable

from connectors.sandbox.servicenow.business.change import Change, Write
from connectors.sandbox.servicenow.instance import Hand, Instance
from connectors.sandbox.servicenow.records.store import Record


def bump(instance: Instance, hand: Hand, record: Record) -> None:
    """Count and stamp one write (§3.4)."""
    if "sys_mod_count" in record.values:
        count = str(int(record.values["sys_mod_count"] or "0") + 1)
        stamp = {"sys_updated_on": hand.at, "sys_updated_by": hand.user_name}
        instance.store.put(record, {"sys_mod_count": count, **stamp})


def touch_item(change: Change, record: Record) -> Iterable[Write]:
    """Bump the item; nothing else of it changes, so no rule runs on it."""
    if change.table.name == "sc_task" and change.instance.switches.task_touches_item:
        item = change.instance.store.find("sc_req_item", record.values["request_item"])
        if item is not None:
            bump(change.instance, change.hand, item)
    return ()
