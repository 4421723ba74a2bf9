"""What technicians, approvers and requesters do to a request in the browser, each under their own name."""

from typing import Final

from connectors.sandbox.servicenow.acts import people
from connectors.sandbox.servicenow.business import commit
from connectors.sandbox.servicenow.business.touching import bump
from connectors.sandbox.servicenow.instance import Instance
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.records.variables import answer

CLOSED: Final = {"complete": "3", "incomplete": "4", "skipped": "7"}
STAGES: Final = {"approved": "fulfillment", "rejected": "Request Cancelled"}


def record_named(instance: Instance, name: str) -> Record:
    """A task, item or request by number or sys_id; raises KeyError where there is none."""
    record = instance.store.one("task", "number", name) or instance.store.find("task", name)
    if record is None:
        raise KeyError(f"no record is called {name}")
    return record


def write_note(instance: Instance, name: str, author: str, element: str, text: str) -> None:
    """Append a comment or work note."""
    hand = people.hand_of(instance, author)
    commit.update(instance, hand, record_named(instance, name), {}, [(element, text)])


def set_fields(instance: Instance, name: str, by: str, values: dict[str, str]) -> None:
    """Set fields to raw values, as somebody's save of the form does."""
    commit.update(instance, people.hand_of(instance, by), record_named(instance, name), values)


def assign(instance: Instance, name: str, user_name: str, by: str) -> None:
    """Assign to a user, or to nobody by an empty name."""
    user_id = people.user_named(instance, user_name).sys_id if user_name else ""
    set_fields(instance, name, by, {"assigned_to": user_id})


def cancel(instance: Instance, name: str, by: str) -> None:
    """Close an item and all its open tasks as incomplete."""
    item, hand = record_named(instance, name), people.hand_of(instance, by)
    incomplete = {"state": CLOSED["incomplete"]}
    for task in list(instance.store.having("sc_task", "request_item", (item.sys_id,))):
        if task.values["active"] == "true":
            commit.update(instance, hand, task, incomplete)
    commit.update(instance, hand, item, {**incomplete, "stage": "Request Cancelled"})


def decide(instance: Instance, name: str, approver: str, state: str) -> None:
    """`approver` approves or rejects an item; the other approvers' rows become moot (§1.3)."""
    item, hand = record_named(instance, name), people.hand_of(instance, approver)
    rows = list(instance.store.having("sysapproval_approver", "sysapproval", (item.sys_id,)))
    own = next((row for row in rows if row.values["approver"] == hand.user_id), None)
    own = own or ask(instance, name, approver)
    commit.update(instance, hand, own, {"state": state})
    for row in rows:
        if row is not own and row.values["state"] == "requested":
            commit.update(instance, hand, row, {"state": "not_required"})
    commit.update(instance, hand, item, {"approval": state, "stage": STAGES[state]})


def ask(instance: Instance, name: str, approver: str) -> Record:
    """Ask somebody for approval of an item."""
    item, user = record_named(instance, name), people.user_named(instance, approver)
    values = {
        "approver": user.sys_id,
        "state": "requested",
        "sysapproval": item.sys_id,
        "document_id": item.sys_id,
        "source_table": item.table,
    }
    hand = people.system(instance)
    row = commit.insert(instance, hand, "sysapproval_approver", values)
    commit.update(instance, hand, item, {"approval": "requested", "stage": "waiting_for_approval"})
    return row


def edit_answer(instance: Instance, name: str, variable: str, value: str, by: str) -> None:
    """Change an answer of an item's form; raises KeyError where the form has no such question."""
    item, hand = record_named(instance, name), people.hand_of(instance, by)
    found = answer(instance.store, item, variable)
    if found is None:
        raise KeyError(f"the form has no {variable}")
    commit.update(instance, hand, found.option, {"value": value})
    if instance.switches.answers_touch_item:
        bump(instance, hand, item)
