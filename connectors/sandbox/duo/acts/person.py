"""Somebody of the sandbox's people, put into Duo as their profile says."""

from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.odd.lockout import lock_out
from connectors.sandbox.duo.ownership import attach
from connectors.sandbox.duo.records import Credential, Group, Phone, Token, User
from connectors.sandbox.people import DuoPhone, DuoProfile, Person

MEMBER_FOR: Final = timedelta(days=400)
LAST_SEEN: Final = timedelta(days=30)


def add(account: Account, person: Person, profile: DuoProfile) -> User:
    """A user with their devices and groups; a number that is on another record is the same phone, shared."""
    now = account.now()
    user = User(account.new_id("DU"), person.user_name, now - MEMBER_FOR, email=profile.email)
    user.firstname, user.lastname = person.first_name, person.last_name
    user.realname = f"{person.first_name} {person.last_name}"
    user.aliases = {f"alias{number}": alias for number, alias in enumerate(profile.aliases, start=1)}
    user.last_login = now - LAST_SEEN if profile.logged_in else None
    account.users.add(user)
    for phone in profile.phones:
        attach(user, _phone(account, phone))
    for name in profile.groups:
        user.group_ids[group_named(account, name).group_id] = None
    user.tokens = [Token(account.new_id("DH"), f"{account.chance.randrange(10**8):08}") for _ in range(profile.tokens)]
    for number in range(profile.webauthn):
        _key(account, user, f"Security key {number + 1}")
    if profile.status == "locked out":
        lock_out(account, user)
    else:
        user.status = profile.status
    return user


def group_named(account: Account, name: str) -> Group:
    """The group of that name, made where there is none."""
    known = next((group for group in account.groups.values() if group.name == name), None)
    if known is None:
        known = Group(account.new_id("DG"), name)
        account.groups[known.group_id] = known
    return known


def _phone(account: Account, wanted: DuoPhone) -> Phone:
    known = account.phones.numbered(wanted.number) if wanted.number else None
    if known is None:
        known = Phone(account.new_id("DP"), wanted.number, type=wanted.type, platform=wanted.platform)
        known.activated = wanted.activated
        known.last_seen = account.now() - LAST_SEEN if wanted.activated else None
        account.phones.add(known)
    return known


def _key(account: Account, user: User, name: str) -> None:
    key = account.new_id("WA")
    account.credentials[key] = Credential(key, user.user_id, name, account.now() - LAST_SEEN)
    user.webauthnkeys[key] = None
