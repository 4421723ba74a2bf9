"""Logs tell what happened two minutes ago, not what happened just now, and nothing older than 180 days (§8)."""

from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.log import Entry, Log, milliseconds

KEPT: Final = timedelta(days=180)


def visible(account: Account, log: Log, first: int, last: int, lag: timedelta) -> list[Entry]:
    """Rows of the asked window, in milliseconds, that a reader may see by now."""
    now = account.now()
    return log.between(max(first, milliseconds(now - KEPT)), min(last, milliseconds(now - lag)))
