"""Groups (§3): the one place where a group's own status is told."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.paging import Page, everything, page
from connectors.sandbox.duo.records import Json, User
from connectors.sandbox.duo.views import brief_user, group_view

MOST: Final = 500


def listing(account: Account, call: Call) -> Page:
    """All groups in pages, or those of `group_id_list`."""
    asked = call.parameters
    if asked.given("group_id_list"):
        wanted = asked.array("group_id_list")
        return everything([account.groups[one] for one in wanted if one in account.groups], group_view)
    return page(account.groups.values(), asked, group_view, most=MOST, cap=account.switches.page_cap)


def one(account: Account, call: Call) -> Json:
    """One group."""
    if call.ids[0] not in account.groups:
        raise Failure(40401)
    return group_view(account.groups[call.ids[0]])


def users(account: Account, call: Call) -> Page:
    """A group's members."""
    group_id = call.ids[0]
    if group_id not in account.groups:
        raise Failure(40401)
    members: list[User] = [user for user in account.users if group_id in user.group_ids]
    return page(members, call.parameters, brief_user, most=MOST, cap=account.switches.page_cap)
