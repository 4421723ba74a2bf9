"""A person at the Duo prompt: what gets them in, and what is written about it (§3, §4, §8)."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.acts.events import Event, Prompt, write
from connectors.sandbox.duo.odd.group_status import effective_status
from connectors.sandbox.duo.odd.lockout import count_failure
from connectors.sandbox.duo.odd.spent_codes import alive
from connectors.sandbox.duo.records import BypassCode, User
from connectors.sandbox.duo.views import capabilities

BYPASSED: Final = Event("not_available", "success", "bypass_user")
LOCKED_OUT: Final = Event("not_available", "denied", "locked_out")
DISABLED: Final = Event("not_available", "denied", "user_disabled")
CODE_BLOCKED: Final = Event("bypass_code", "denied", "factor_restricted")
CODE_WRONG: Final = Event("bypass_code", "denied", "invalid_passcode")
CODE_TAKEN: Final = Event("bypass_code", "success", "valid_passcode")
PUSH_APPROVED: Final = Event("duo_push", "success", "user_approved")


def use_code(account: Account, user: User, digits: str, prompt: Prompt) -> bool:
    """Type a bypass code, which takes one of its uses; whether it was taken.

    A user in bypass never sees the prompt, so no use is taken. Wrong, spent and lapsed codes count as failed attempts.
    """
    if not _sees_prompt(account, user, prompt):
        return False
    if "bypass" in prompt.application.blocked:
        write(account, user, prompt, CODE_BLOCKED)
        return False
    code = _alive_code(account, user, digits)
    if code is None:
        count_failure(account, user)
        write(account, user, prompt, CODE_WRONG)
        return False
    if code.remaining_uses is not None:
        code.remaining_uses -= 1
    _passed(account, user, prompt, CODE_TAKEN)
    return True


def approve_push(account: Account, user: User, prompt: Prompt) -> bool:
    """Log in by the app; whether there is one that works."""
    phones = (account.phone(phone_id) for phone_id in user.phone_ids)
    if not any("push" in capabilities(phone) for phone in phones) or not _sees_prompt(account, user, prompt):
        return False
    _passed(account, user, prompt, PUSH_APPROVED)
    return True


def _sees_prompt(account: Account, user: User, prompt: Prompt) -> bool:
    match effective_status(account, user):
        case "active":
            return True
        case "bypass":
            _passed(account, user, prompt, BYPASSED)
        case "locked out":
            write(account, user, prompt, LOCKED_OUT)
        case _:
            write(account, user, prompt, DISABLED)
    return False


def _alive_code(account: Account, user: User, digits: str) -> BypassCode | None:
    codes = (account.codes[code_id] for code_id in user.code_ids)
    return next((code for code in codes if code.digits == digits and alive(account, code)), None)


def _passed(account: Account, user: User, prompt: Prompt, event: Event) -> None:
    user.failed_attempts, user.last_login = 0, account.now()
    write(account, user, prompt, event)
