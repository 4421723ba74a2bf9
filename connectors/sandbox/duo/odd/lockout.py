"""`locked out` is the system's own word, for failed attempts; it ends by itself only where settings say so (§3, §9)."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.records import User

FAILED_ATTEMPTS: Final = "Failed Attempts"


def lock_out(account: Account, user: User, reason: str = FAILED_ATTEMPTS) -> None:
    """Lock a user out, until an administrator sets another status or the time is over."""
    after = account.switches.lockout_expires_after
    user.status, user.lockout_reason = "locked out", reason
    if after is not None:
        account.lockouts[user.user_id] = account.now() + after


def unlock(account: Account, user: User, status: str = "active") -> None:
    """Set another status, and forget the lock-out and its attempts."""
    user.status, user.lockout_reason, user.failed_attempts = status, None, 0
    account.lockouts.pop(user.user_id, None)


def count_failure(account: Account, user: User) -> None:
    """One failed attempt more; at the threshold the user is locked out."""
    user.failed_attempts += 1
    if user.failed_attempts >= account.switches.lockout_threshold:
        lock_out(account, user)


def end_lockouts(account: Account) -> None:
    """Unlock whose time is over; asked before anything else is."""
    now = account.now()
    for user_id in [user_id for user_id, until in account.lockouts.items() if until <= now]:
        unlock(account, account.user(user_id))
