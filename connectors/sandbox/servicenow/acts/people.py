"""People and groups of the help site, put there as an administrator would."""

from collections.abc import Iterable, Mapping

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.business import commit
from connectors.sandbox.servicenow.instance import Hand, Instance
from connectors.sandbox.servicenow.records.store import Record


def system(instance: Instance) -> Hand:
    """The instance's own hand."""
    return Hand("", "system", instance.now())


def add_person(instance: Instance, person: Person) -> Record:
    """A user with the person's groups.

    `number` is in `mobile_phone`, which people edit themselves; `personal_email` in `u_personal_email`, which they
    can't. `u_hr_phone`, which they can't either, is empty until an act sets it.
    """
    fields = {
        "user_name": person.user_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "mobile_phone": person.number,
        "u_personal_email": person.personal_email,
    }
    return add_user(instance, fields, groups=person.groups, roles=())


def add_user(instance: Instance, fields: Mapping[str, str], *, groups: Iterable[str], roles: Iterable[str]) -> Record:
    """A row of sys_user; groups that don't exist are made, roles must exist."""
    name = f"{fields['first_name']} {fields['last_name']}"
    values = {**fields, "name": name, "user_password": "********"}
    user = commit.insert(instance, system(instance), "sys_user", values)
    for group in groups:
        add_group(instance, group, (user.values["user_name"],))
    for role in roles:
        held = {"user": user.sys_id, "role": _named(instance, "sys_user_role", role).sys_id}
        commit.insert(instance, system(instance), "sys_user_has_role", held)
    return user


def add_group(instance: Instance, name: str, members: Iterable[str]) -> Record:
    """The group, made if it doesn't exist, with these user names added."""
    group = instance.store.one("sys_user_group", "name", name)
    if group is None:
        group = commit.insert(instance, system(instance), "sys_user_group", {"name": name})
    for member in members:
        row = {"user": user_named(instance, member).sys_id, "group": group.sys_id}
        commit.insert(instance, system(instance), "sys_user_grmember", row)
    return group


def user_named(instance: Instance, name: str) -> Record:
    """By user name or sys_id; raises KeyError where there is none."""
    return instance.store.find("sys_user", name) or _named(instance, "sys_user", name, field="user_name")


def hand_of(instance: Instance, user_name: str) -> Hand:
    """The user as author of a write, now."""
    user = user_named(instance, user_name)
    return Hand(user.sys_id, user.values["user_name"], instance.now())


def group_named(instance: Instance, name: str) -> Record:
    """By name; raises KeyError where there is none."""
    return _named(instance, "sys_user_group", name)


def _named(instance: Instance, table: str, name: str, *, field: str = "name") -> Record:
    record = instance.store.one(table, field, name)
    if record is None:
        raise KeyError(f"no {table} is called {name}")
    return record
