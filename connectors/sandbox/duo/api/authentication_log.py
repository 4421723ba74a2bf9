"""The authentication log, v2 (§8): its metadata stands inside the response, its next_offset is a list of two texts."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.api.window import window
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.log import Entry
from connectors.sandbox.duo.odd.late_logs import visible
from connectors.sandbox.duo.parameters import Parameters
from connectors.sandbox.duo.records import Json

FILTERS: Final = ("users", "applications", "groups", "results", "reasons", "factors", "event_types")


def read(account: Account, call: Call) -> Json:
    """Rows of the window that pass every filter."""
    asked, switches = call.parameters, account.switches
    wanted = window(asked)
    rows = visible(account, account.authentication_log, wanted.first, wanted.last, switches.authentication_lag)
    passed = [entry for entry in rows if _passes(entry, asked)]
    shown, after = wanted.page(passed, switches.page_cap)
    metadata: Json = {"total_objects": len(passed)}
    if after is not None:
        metadata["next_offset"] = [str(after[0]), after[1]]
    return {"authlogs": [entry.row for entry in shown], "metadata": metadata}


def _passes(entry: Entry, asked: Parameters) -> bool:
    return all(set(asked.many(name)) & set(entry.facets.get(name, ())) for name in FILTERS if asked.given(name))
