"""One account in one pair of hands at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.odd.country_less_numbers import e164
from connectors.sandbox.duo.odd.lockout import end_lockouts
from connectors.sandbox.duo.records import Phone, User


class Nobody(LookupError):
    """An act names a user, phone or application that the account doesn't have: a mistake of the caller."""


class Held:
    """The account and its lock. Everything done to it, by the API or beside it, goes through `_held`."""

    def __init__(self, clock: Callable[[], datetime], seed: int) -> None:
        self._account = Account(clock, seed=seed)
        self._lock = threading.Lock()

    @contextmanager
    def _held(self) -> Iterator[Account]:
        with self._lock:
            end_lockouts(self._account)
            yield self._account


def user_named(account: Account, user_name: str) -> User:
    """The user of a name or alias, else `Nobody`."""
    user = account.users.named(user_name)
    if user is None:
        raise Nobody(f"no user {user_name!r} in Duo")
    return user


def phone_numbered(account: Account, number: str) -> Phone:
    """The phone of a number, else `Nobody`."""
    phone = account.phones.numbered(e164(number))
    if phone is None:
        raise Nobody("no phone with that number in Duo")
    return phone
