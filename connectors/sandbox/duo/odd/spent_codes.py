"""Whether a code that is used up or past its time still stands in the list isn't known (§4; two switches)."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.records import BypassCode


def alive(account: Account, code: BypassCode) -> bool:
    """Whether the code would still be taken."""
    return not code.spent and not code.lapsed(account.now())


def listed(account: Account, code: BypassCode) -> bool:
    """Whether the lists show it."""
    switches = account.switches
    if code.spent and not switches.spent_codes_listed:
        return False
    return switches.lapsed_codes_listed or not code.lapsed(account.now())
