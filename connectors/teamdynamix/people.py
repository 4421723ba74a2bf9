"""People, our own account, and groups with their members (TeamDynamix facts §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from connectors.errors import Misconfigured, Unavailable
from connectors.teamdynamix.failures import SYSTEM, Absent
from connectors.teamdynamix.fields import Values, number, objects, text, uid
from connectors.teamdynamix.session import Tenant

ATTRIBUTE: Final = "Attributes."


@dataclass(frozen=True)
class User:
    """A person or service account. `fields` are texts by TeamDynamix's names, custom attributes as "Attributes.ID"."""

    uid: str
    active: bool
    fields: Mapping[str, str]


def person(tenant: Tenant, person_uid: str) -> User | None:
    """By UID; None where there is none."""
    try:
        found = tenant.get(f"people/{UUID(person_uid)}")
    except Absent:
        return None
    user = _user(found)
    return user if user.uid == person_uid else None


def caller(tenant: Tenant) -> User:
    """Whom the calls run as."""
    user = _user(tenant.get("auth/getuser"))
    if not user.uid:
        raise Misconfigured(SYSTEM, "auth/getuser doesn't tell who the account is")
    return user


def group(tenant: Tenant, name: str) -> int:
    """The id of the active group of exactly that name. Raises `Misconfigured` where there isn't exactly one."""
    rows = objects(tenant.search("groups/search", {"NameLike": name, "IsActive": True}))
    ids = [number(row, "ID") for row in rows if text(row, "Name") == name and row.get("IsActive") is not False]
    if len(ids) != 1 or not ids[0]:
        raise Misconfigured(SYSTEM, f"there is not exactly one active group named {name!r}")
    return ids[0]


def members(tenant: Tenant, group_id: int) -> tuple[User, ...]:
    """Who is in a group; the rows may lack fields."""
    return tuple(user for row in objects(tenant.get(f"groups/{group_id}/members")) if (user := _user(row)).uid)


def _user(found: Any) -> User:
    if not isinstance(found, dict):
        raise Unavailable(SYSTEM, "an answer that should be a person is none")
    return User(uid(found, "UID"), found.get("IsActive") is not False, {**_texts(found), **_attributes(found)})


def _texts(values: Values) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if isinstance(value, str) and value.strip()}


def _attributes(values: Values) -> dict[str, str]:
    found = objects(values.get("Attributes"))
    return {f"{ATTRIBUTE}{number(each, 'ID')}": value for each in found if (value := text(each, "Value"))}
