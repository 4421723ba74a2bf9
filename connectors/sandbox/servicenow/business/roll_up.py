"""Closing rolls up from task to item to request, for execution-plan flows only (ServiceNow facts §1.3)."""

from collections.abc import Iterable
from typing import Final

from connectors.sandbox.servicenow.business.change import Change, Write
from connectors.sandbox.servicenow.instance import Instance
from connectors.sandbox.servicenow.records.store import Record

COMPLETE, INCOMPLETE, SKIPPED = "3", "4", "7"
PARENTS: Final = {"sc_task": ("request_item", "sc_req_item"), "sc_req_item": ("request", "sc_request")}
STAGES: Final = {COMPLETE: "completed", INCOMPLETE: "Request Cancelled", SKIPPED: "completed"}
REQUEST_STATES: Final = {COMPLETE: "closed_complete", INCOMPLETE: "closed_incomplete", SKIPPED: "closed_complete"}


def roll_up(change: Change, record: Record) -> Iterable[Write]:
    """Close the parent once all its children are closed."""
    link = PARENTS.get(change.table.name)
    if link is None or not change.instance.switches.execution_plan or not change.moved("state"):
        return ()
    field, table = link
    parent = change.instance.store.find(table, record.values[field])
    if parent is None or parent.values["active"] == "false":
        return ()
    state = _together(_states(change.instance, change.table.name, field, parent))
    return ((parent, {"state": state, **_words(table, state)}),) if state else ()


def _states(instance: Instance, table: str, field: str, parent: Record) -> set[str]:
    return {child.values["state"] for child in instance.store.having(table, field, (parent.sys_id,))}


def _together(states: Iterable[str]) -> str:
    """Any incomplete makes the whole incomplete; all skipped, skipped; empty while one is open."""
    found = set(states)
    if found - {COMPLETE, INCOMPLETE, SKIPPED}:
        return ""
    if INCOMPLETE in found:
        return INCOMPLETE
    return SKIPPED if found == {SKIPPED} else COMPLETE


def _words(table: str, state: str) -> dict[str, str]:
    if table == "sc_req_item":
        return {"stage": STAGES[state]}
    return {"request_state": REQUEST_STATES[state], "stage": REQUEST_STATES[state]}
