"""Users (§3): look-ups answer a list, whatever they find; a single user is one object."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.lockout import unlock
from connectors.sandbox.duo.ownership import delete_user
from connectors.sandbox.duo.paging import Page, everything, page
from connectors.sandbox.duo.parameters import Parameters
from connectors.sandbox.duo.records import Json, User
from connectors.sandbox.duo.views import user_view

MOST: Final = 300
FIELDS: Final = ("realname", "firstname", "lastname", "notes")
ALIASES: Final = tuple(f"alias{number}" for number in range(1, 9))
STATUSES: Final = ("active", "disabled", "bypass")  # "locked out" and "pending deletion" are the system's own

LOOK_UPS: Final[Mapping[str, Callable[[Account, Parameters], list[User | None]]]] = {
    "username_list": lambda account, asked: [account.users.named(name) for name in asked.array("username_list")],
    "user_id_list": lambda account, asked: [account.users.get(user_id) for user_id in asked.array("user_id_list")],
    "username": lambda account, asked: [account.users.named(asked.text("username"))],
    "email": lambda account, asked: list(account.users.with_email(asked.text("email"))),
}
"""By parameter, the first that is given. Lists exclude the other filters, and ignore limit and offset."""


def listing(account: Account, call: Call) -> Page:
    """All users in pages, or those that a look-up finds."""
    asked = call.parameters
    if asked.given("username") and asked.given("email"):
        raise Failure(40002, "username, email")  # the facts only say not to combine them

    def show(user: User) -> Json:
        return user_view(account, user)

    for name, look_up in LOOK_UPS.items():
        if asked.given(name):
            found = {user.user_id: user for user in look_up(account, asked) if user is not None}
            return everything(found.values(), show)
    return page(account.users, asked, show, most=MOST, cap=account.switches.page_cap)


def one(account: Account, call: Call) -> Json:
    """One user; 40401 where there is none."""
    return user_view(account, account.user(call.ids[0]))


def create(account: Account, call: Call) -> Json:
    """A new user; 40003 where a name or alias is taken."""
    asked = call.parameters
    user = User(account.new_id("DU"), asked.required("username"), account.now())
    user.aliases = _aliases(asked, {})
    status = _status(asked)
    account.users.add(user)
    _fill(account, user, asked, status)
    account.record("user_create", user.username, {"user_id": user.user_id, "status": user.status})
    return user_view(account, user)


def modify(account: Account, call: Call) -> Json:
    """Change what the call names; the rest stays."""
    user, asked = account.user(call.ids[0]), call.parameters
    status = _status(asked)
    account.users.rename(user, asked.text("username") or user.username, _aliases(asked, user.aliases))
    _fill(account, user, asked, status)
    account.record("user_update", user.username, {"user_id": user.user_id, "status": user.status})
    return user_view(account, user)


def delete(account: Account, call: Call) -> str:
    """Gone at once, and for good; no error where it is gone already."""
    user = account.users.get(call.ids[0])
    if user is not None:
        delete_user(account, user)
        account.record("user_delete", user.username, {"user_id": user.user_id})
    return ""


def _status(asked: Parameters) -> str:
    status = asked.text("status")
    if status not in ("", *STATUSES):
        raise Failure(40002, "status")
    return status


def _fill(account: Account, user: User, asked: Parameters, status: str) -> None:
    for name in FIELDS:
        if asked.given(name):
            setattr(user, name, asked.text(name))
    if asked.given("email"):
        account.users.readdress(user, asked.text("email"))
    if status:
        unlock(account, user, status)


def _aliases(asked: Parameters, known: Mapping[str, str]) -> dict[str, str]:
    together = dict(parse_qsl(asked.text("aliases"), keep_blank_values=True))
    each = {name: asked.text(name) for name in ALIASES if asked.given(name)}
    if not together.keys() <= set(ALIASES):
        raise Failure(40002, "aliases")
    return {name: alias for name, alias in {**known, **together, **each}.items() if alias}
