"""The administrator log, v1 (§8): seconds, a plain list without pages, the 1000 earliest rows."""

from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.log import milliseconds
from connectors.sandbox.duo.odd.late_logs import visible
from connectors.sandbox.duo.records import Json

MOST: Final = 1000


def read(account: Account, call: Call) -> list[Json]:
    """Rows since `mintime`; without it, all there are."""
    first = call.parameters.whole("mintime", 0) * 1000
    rows = visible(account, account.administrator_log, first, milliseconds(account.now()), timedelta())
    return [entry.row for entry in rows[:MOST]]
