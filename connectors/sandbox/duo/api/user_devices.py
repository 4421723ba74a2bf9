"""What a user owns: phones, tokens, groups (§3). Attaching and detaching again changes nothing."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.ownership import attach, detach
from connectors.sandbox.duo.paging import Page, page
from connectors.sandbox.duo.views import group_view, phone_as_device, token_view

MOST: Final = 500


def phones(account: Account, call: Call) -> Page:
    """The user's phones, without their owners."""
    owned = [account.phone(phone_id) for phone_id in account.user(call.ids[0]).phone_ids]
    return page(owned, call.parameters, phone_as_device, most=MOST, cap=account.switches.page_cap)


def attach_phone(account: Account, call: Call) -> str:
    """Make an existing phone the user's."""
    user = account.user(call.ids[0])
    phone = account.phones.get(call.parameters.required("phone_id"))
    if phone is None:
        raise Failure(40002, "phone_id")
    attach(user, phone)
    return ""


def detach_phone(account: Account, call: Call) -> str:
    """The phone stays; a phone that isn't the user's is no error."""
    user, phone = account.user(call.ids[0]), account.phones.get(call.ids[1])
    if phone is not None:
        detach(user, phone)
    return ""


def tokens(account: Account, call: Call) -> Page:
    """The user's hardware tokens."""
    user = account.user(call.ids[0])
    return page(user.tokens, call.parameters, token_view, most=MOST, cap=account.switches.page_cap)


def groups(account: Account, call: Call) -> Page:
    """The user's groups; here their status is told."""
    mine = [account.groups[group_id] for group_id in account.user(call.ids[0]).group_ids]
    return page(mine, call.parameters, group_view, most=MOST, cap=account.switches.page_cap)
