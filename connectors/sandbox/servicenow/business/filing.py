"""What a new task record gets by itself: number, class, opener (ServiceNow facts §1.2)."""

from connectors.sandbox.servicenow.business.change import Change


def number(change: Change) -> None:
    """The next number of the table, unless the record brings one."""
    if change.record is None and change.table.prefix and not change.values["number"]:
        change.values["number"] = change.instance.store.new_number(change.table)


def describe(change: Change) -> None:
    """Class, opener and the time of opening, where the record doesn't bring its own."""
    if change.record is not None or not change.is_task:
        return
    change.values["sys_class_name"] = change.table.name
    change.values["opened_by"] = change.values["opened_by"] or change.hand.user_id
    change.values["opened_at"] = change.values["opened_at"] or change.hand.at
