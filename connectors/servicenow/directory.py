"""Our own account, and groups with their members."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from connectors.errors import Misconfigured
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query, UnfitForQuery
from connectors.servicenow.related import related
from connectors.servicenow.table import page, rows

_ACCOUNT_FIELDS: Final = ("sys_id", "user_name", "time_zone")


@dataclass(frozen=True)
class Account:
    """A user; `time_zone` is empty where it is the instance's own."""

    sys_id: str
    user_name: str
    time_zone: str


def account(instance: Instance, user_name: str = "") -> Account:
    """The user of that name; without a name, the one the calls run as."""
    query = Query().equals("user_name", user_name) if user_name else Query().is_the_caller("sys_id")
    found = page(instance, "sys_user", query, _ACCOUNT_FIELDS, limit=2).rows
    fitting = [row for row in found if not user_name or row.get("user_name", "").casefold() == user_name.casefold()]
    if len(fitting) != 1 or not fitting[0].get("user_name"):
        raise Misconfigured(SYSTEM, "the account's own sys_user row can't be told: check username in [servicenow]")
    row = fitting[0]
    return Account(row["sys_id"], row["user_name"], row.get("time_zone", ""))


def groups(instance: Instance, names: Iterable[str]) -> dict[str, str]:
    """The sys_ids of active groups by name. Raises `Misconfigured` for a name that none, or more than one, has."""
    wanted = frozenset(names)
    if not wanted:
        return {}
    try:
        query = Query().equals("name", *sorted(wanted))
    except UnfitForQuery as error:
        raise Misconfigured(SYSTEM, f"a group's name can't be looked up: {', '.join(sorted(wanted))}") from error
    got = rows(
        instance,
        "sys_user_group",
        query,
        ("sys_id", "name", "active"),
        fits=lambda row: row.get("name") in wanted,
    )
    active = [(row["name"], row["sys_id"]) for row in got.fit if row.get("active") == "true"]
    for name in sorted(wanted):
        if [found for found, _ in active].count(name) != 1:
            raise Misconfigured(SYSTEM, f"there is not exactly one active group named {name!r}")
    return dict(active)


def members(instance: Instance, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """The user names in each group. Two calls; raises as `groups` does."""
    ids = groups(instance, names)
    found = related(instance, "sys_user_grmember", "group", ids.values(), ("user.user_name",))
    return {
        name: frozenset(row["user.user_name"] for row in found if row["group"] == group and row.get("user.user_name"))
        for name, group in ids.items()
    }
