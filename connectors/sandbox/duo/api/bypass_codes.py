"""Bypass codes (§4). The answer to `create` is the only time a code is seen."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.issue import issue
from connectors.sandbox.duo.odd.spent_codes import listed
from connectors.sandbox.duo.odd.wiped_codes import wanted
from connectors.sandbox.duo.ownership import delete_code
from connectors.sandbox.duo.paging import Page, page
from connectors.sandbox.duo.records import BypassCode, Json
from connectors.sandbox.duo.views import code_view

MOST: Final = 500


def create(account: Account, call: Call) -> list[str]:
    """New codes, as plain texts; the user's others are gone unless `preserve_existing`."""
    user = account.user(call.ids[0])
    made = issue(account, user, wanted(call.parameters), admin_email=account.switches.api_admin_email)
    return [code.digits for code in made]


def of_user(account: Account, call: Call) -> Page:
    """What is known of the user's codes."""
    return _page(account, call, [account.codes[code_id] for code_id in account.user(call.ids[0]).code_ids])


def listing(account: Account, call: Call) -> Page:
    """What is known of all codes."""
    return _page(account, call, list(account.codes.values()))


def one(account: Account, call: Call) -> Json:
    """What is known of one code."""
    code = account.codes.get(call.ids[0])
    if code is None or not listed(account, code):
        raise Failure(40401)
    return code_view(account, code)


def delete(account: Account, call: Call) -> str:
    """No error where it is gone already."""
    code = account.codes.get(call.ids[0])
    if code is not None:
        delete_code(account, code)
        account.record("bypass_delete", account.user(code.user_id).username, {"bypass_code_id": code.bypass_code_id})
    return ""


def _page(account: Account, call: Call, codes: list[BypassCode]) -> Page:
    shown = [code for code in codes if listed(account, code)]

    def show(code: BypassCode) -> Json:
        return code_view(account, code)

    return page(shown, call.parameters, show, most=MOST, cap=account.switches.page_cap)
