"""A state model that refuses a move: the answer is 200 and nothing was changed (ServiceNow facts §3.6)."""

from connectors.sandbox.servicenow.business.change import Change


def refuse_in_silence(change: Change) -> None:
    """Undo the whole write, journal entries included."""
    if change.record is None or not change.moved("state"):
        return
    move = (change.table.name, change.before("state"), change.values["state"])
    if move in change.instance.switches.refused_moves:
        change.values = dict(change.record.values)
        change.entries = []
