"""The telephony log, v2 (§8): every text Duo sent; its next_offset is one text."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.api.window import window
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.odd.late_logs import visible
from connectors.sandbox.duo.records import Json


def read(account: Account, call: Call) -> Json:
    """Rows of the window."""
    wanted, switches = window(call.parameters), account.switches
    rows = visible(account, account.telephony_log, wanted.first, wanted.last, switches.telephony_lag)
    shown, after = wanted.page(rows, switches.page_cap)
    metadata: Json = {"total_objects": {"relation": "eq", "value": len(rows)}}
    if after is not None:
        metadata["next_offset"] = f"{after[0]},{after[1]}"
    return {"items": [entry.row for entry in shown], "metadata": metadata}
