"""Making bypass codes, for the API and for an agent at the panel alike (§4)."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.object_limits import CODES_PER_USER, within
from connectors.sandbox.duo.odd.wiped_codes import NEVER, UNLIMITED, Wanted
from connectors.sandbox.duo.ownership import delete_code
from connectors.sandbox.duo.records import BypassCode, User


def issue(
    account: Account, user: User, wanted: Wanted, *, admin_email: str = "", actor: str = ""
) -> tuple[BypassCode, ...]:
    """The new codes. Where they can't be kept beside the others, nothing is made and nothing is cleared."""
    existing = [account.codes[code_id] for code_id in user.code_ids]
    kept, cleared = (existing, []) if wanted.preserve_existing else ([], existing)
    _check_room(account, kept, wanted)
    for code in cleared:
        delete_code(account, code)
    taken = {code.digits for code in kept}
    made = tuple(_make(account, user, digits, wanted, admin_email) for digits in _digits(account, wanted, taken))
    for code in made:
        account.codes[code.bypass_code_id] = code
        user.code_ids[code.bypass_code_id] = None
    _record(account, user, wanted, made, actor)
    return made


def _check_room(account: Account, kept: list[BypassCode], wanted: Wanted) -> None:
    conflict = account.switches.bypass_conflict
    within(len(kept) + wanted.count, CODES_PER_USER, conflict)
    if {code.digits for code in kept} & set(wanted.codes):
        raise Failure(conflict)


def _digits(account: Account, wanted: Wanted, taken: set[str]) -> tuple[str, ...]:
    """The caller's own, or nine random digits each: the first may be a zero."""
    digits = dict.fromkeys(wanted.codes)
    while len(digits) < wanted.count and not wanted.codes:
        drawn = f"{account.chance.randrange(10**9):09}"
        if drawn not in taken:
            digits[drawn] = None
    return tuple(digits)


def _make(account: Account, user: User, digits: str, wanted: Wanted, admin_email: str) -> BypassCode:
    now = account.now()
    expiration = None if wanted.valid_for is None else now + wanted.valid_for
    return BypassCode(account.new_id("DB"), user.user_id, digits, now, expiration, wanted.uses, admin_email)


def _record(account: Account, user: User, wanted: Wanted, made: tuple[BypassCode, ...], actor: str) -> None:
    description: dict[str, object] = {
        "bypass": "",
        "count": len(made),
        "valid_secs": NEVER if wanted.valid_for is None else int(wanted.valid_for.total_seconds()),
        "auto_generated": not wanted.codes,
        "remaining_uses": UNLIMITED if wanted.uses is None else wanted.uses,
        "user_id": user.user_id,
        "bypass_code_ids": [code.bypass_code_id for code in made],
    }
    account.record("bypass_create", user.username, description, actor=actor)
