"""Who is behind a UID: the worker's account, persons, authors of notes, members of groups."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from connectors.teamdynamix import people
from connectors.teamdynamix.people import User
from connectors.teamdynamix.session import Tenant
from worker.tickets.teamdynamix.settings import TicketSettings
from worker.tickets.ticket import Person

PERSONS: Final = timedelta(seconds=30)  # how old a reading of a person may be
AUTHORS: Final = timedelta(minutes=15)  # of somebody of whom only the user name counts
ROOM: Final = 5_000


class People:
    """Looks people up by UID and remembers them for a while. Safe to share between threads."""

    def __init__(self, tenant: Tenant, settings: TicketSettings, clock: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._settings = settings
        self._clock = clock
        self._known: dict[str, tuple[datetime, User | None]] = {}
        self._lock = threading.Lock()

    @cached_property
    def me(self) -> User:
        """The account that the calls run as."""
        return people.caller(self._tenant)

    @property
    def my_name(self) -> str:
        """What we are called: the log-in name, as a service account has no other."""
        return self.me.fields.get("UserName") or self.me.uid

    def name(self, uid: str) -> str:
        """The user name behind a UID; the UID itself where there is none. Empty: nobody."""
        if uid in ("", self.me.uid):
            return self.my_name if uid else ""
        user = self._user(uid, AUTHORS)
        return self._named(user) if user else uid

    def person(self, uid: str) -> tuple[Person, bool]:
        """A person as known now, and whether the account is active; an empty person where there is none."""
        user = self._user(uid, PERSONS) if uid else None
        if user is None:
            return Person(id=uid), False
        return Person(
            id=uid,
            user_name=self._named(user),
            first_name=user.fields.get("FirstName", ""),
            email=user.fields.get("PrimaryEmail", ""),
            trusted_numbers=_values(user, self._settings.trusted_number_fields),
            trusted_addresses=_values(user, self._settings.trusted_address_fields),
        ), user.active

    def members(self, groups: Sequence[str]) -> dict[str, frozenset[str]]:
        """User names by group; inactive accounts are members of nothing."""
        found = {}
        for name in groups:
            rows = people.members(self._tenant, people.group(self._tenant, name))
            found[name] = frozenset(self._member(user) for user in rows if user.active)
        return found

    def _member(self, user: User) -> str:
        """The rows of a group may lack the field that holds the user name."""
        return self._named(user) if user.fields.get(self._settings.user_name_field) else self.name(user.uid)

    def _named(self, user: User) -> str:
        """The configured field; the UID for whoever has none there, or bears the worker's own name."""
        if user.uid == self.me.uid:
            return self.my_name
        name = user.fields.get(self._settings.user_name_field, "")
        if self._settings.strip_domain:
            name = self._stripped(name)
        return user.uid if name.casefold() in ("", self.my_name.casefold()) else name

    def _stripped(self, name: str) -> str:
        """Without our own domain: who logs in by another is nobody of ours who has the same first half."""
        first, _, domain = name.rpartition("@")
        own = self._settings.login_domains
        ours = not own or any(f".{domain}".casefold().endswith("." + each.casefold()) for each in own)
        return first if first and ours else name

    def _user(self, uid: str, age: timedelta) -> User | None:
        now = self._clock()
        with self._lock:
            at, user = self._known.get(uid, (None, None))
        if at is not None and now - age <= at <= now:
            return user
        user = people.person(self._tenant, uid)
        with self._lock:
            self._known[uid] = (now, user)
            while len(self._known) > ROOM:
                self._known.pop(next(iter(self._known)))
        return user


def _values(user: User, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for name in names if (value := user.fields.get(name, "")))
