"""A group's status overrides the user's own at a login, and the user object doesn't show it (§3)."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.records import User


def effective_status(account: Account, user: User) -> str:
    """The status that a login goes by: a lock-out first, then the strictest of the groups, then the user's own."""
    if user.status == "locked out":
        return user.status
    of_groups = {account.groups[group_id].status for group_id in user.group_ids}
    return next((status for status in ("disabled", "bypass") if status in of_groups), user.status)
