"""`submitted` becomes `in_process`: an answer shows the value after business rules, not what was sent (§1.3)."""

from connectors.sandbox.servicenow.business.change import Change


def in_process(change: Change) -> None:
    """Move a submitted request on."""
    if change.table.name == "sc_request" and change.values["request_state"] == "submitted":
        change.values["request_state"] = "in_process"
