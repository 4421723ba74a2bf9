"""Bypass codes (Admin API facts §4)."""

import re
from datetime import timedelta
from typing import Final

from connectors.duo import asking, parse
from connectors.duo.failures import NOT_FOUND
from connectors.duo.model import BypassCode
from connectors.duo.transport import Admin
from connectors.errors import Refused
from connectors.secret import Secret

DIGITS: Final = re.compile(r"[0-9]{6,16}")  # nine at present; leading zeros count


def create(admin: Admin, user_id: str, *, valid_for: timedelta, uses: int) -> Secret:
    """A new bypass code of the user; those they have stay valid. It can't be read again.

    `Uncertain` where the answer was lost or isn't one code: one may be alive, and only `listing` can tell. Duo says
    the same (50001) when the user has 100 codes already.
    """
    if uses < 1:
        raise ValueError("Duo takes 0 uses for any number of them")
    codes = admin.add_user_bypass_codes(
        asking.known_id(user_id),
        count=1,
        valid_secs=asking.seconds(valid_for),
        remaining_uses=uses,
        preserve_existing=True,  # Duo's default revokes what an agent or the user has made
    )
    return parse.fit("POST", codes, _one_code)


def listing(admin: Admin, user_id: str) -> tuple[BypassCode, ...]:
    """The user's bypass codes, without their digits. `Refused` 40401 where there is no such user."""
    rows = admin.get_user_bypass_codes(asking.known_id(user_id))
    codes = parse.fit("GET", rows, lambda rows: [_of(row, user_id) for row in parse.listing(rows)])
    return tuple({code.bypass_code_id: code for code in codes}.values())  # a page may repeat a row of the last


def revoke(admin: Admin, bypass_code_id: str) -> None:
    """Make the code useless; one that is gone is as wanted."""
    try:
        admin.delete_bypass_code_by_id(asking.known_id(bypass_code_id))
    except Refused as error:
        if error.code != NOT_FOUND:
            raise


def _one_code(answer: object) -> Secret:
    match answer:
        case [str() as code] if DIGITS.fullmatch(code):
            return Secret(code)
        case _:
            raise parse.Unfit("it is not one text of digits")


def _of(row: object, user_id: str) -> BypassCode:
    owner = parse.part(row, "user")
    if owner is not None and parse.word(owner, "user_id") != user_id:
        raise parse.Unfit("it is another user's")
    return parse.bypass_code(row)
