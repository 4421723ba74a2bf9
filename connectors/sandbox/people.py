"""The people of the sandbox's district, as the help site and Duo know them, one kind of situation after the other."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

DISTRICT: Final = "example.edu"
AREA_CODES: Final = ("480", "602", "623", "520", "928")

FIRST_NAMES: Final = (
    "Ana", "Ben", "Chloe", "Daniel", "Elena", "Farid", "Grace", "Hector", "Imani", "Jonas", "Keiko", "Luis", "Maya",
    "Noah", "Olga", "Pedro", "Quinn", "Rosa", "Samir", "Tessa", "Umar", "Vera", "Wes", "Ximena", "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES: Final = (
    "Abbott", "Begay", "Castillo", "Dawson", "Ellis", "Fuentes", "Garcia", "Hoang", "Ibarra", "Jensen", "Kowalski",
    "Lopez", "Moreno", "Nguyen", "Ortega", "Patel", "Quintero", "Rivera", "Singh", "Torres", "Ueda", "Vargas", "Walker",
    "Xu", "Yazzie", "Zamora",
)  # fmt: skip


@dataclass(frozen=True)
class DuoPhone:
    """A phone on a Duo record. The same number on two people is one phone object that both share."""

    number: str  # E.164
    platform: str = "unknown"  # unknown, apple ios, google android, generic smartphone
    activated: bool = False
    type: str = "mobile"  # mobile, landline, unknown


@dataclass(frozen=True)
class DuoProfile:
    """A person's user in Duo; the user name is the person's."""

    status: str = "active"  # active, bypass, disabled, locked out, pending deletion
    phones: tuple[DuoPhone, ...] = ()
    webauthn: int = 0  # how many security keys
    tokens: int = 0
    groups: tuple[str, ...] = ()
    email: str = ""  # empty: Duo has none
    logged_in: bool = True  # has ever passed a Duo login
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """Somebody of the district; `kind` is the situation they were made for, one of `KINDS` or empty."""

    user_name: str
    first_name: str
    last_name: str
    email: str  # in the district; opened with the help-site password
    personal_email: str = ""  # outside the district, on the help site's record; people can't edit it themselves
    number: str = ""  # E.164, on the help site's record; people can edit it themselves
    groups: tuple[str, ...] = ()  # of the help site
    duo: DuoProfile | None = None  # None: no user in Duo
    kind: str = ""


def people(seed: int, count: int) -> tuple[Person, ...]:
    """`count` different people, the kinds in turn; the same seed gives the same people, whatever the count.

    Numbers are of the unassigned 555 exchange of Arizona's area codes, so there are 50,000 at most.
    """
    chance = random.Random(seed)
    kinds = tuple(KINDS)
    made: list[Person] = []
    for index in range(count):
        person = _person(index, kinds[index % len(kinds)], chance)
        if person.kind == "phone_sharer":
            person = replace(person, number=made[-1].number)
        made.append(replace(person, duo=KINDS[person.kind](person)))
    return tuple(made)


def _person(index: int, kind: str, chance: random.Random) -> Person:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    user_name = f"{first[0]}{last[:4]}{index:05}".lower()
    email = f"{first}.{last}.{index}@{DISTRICT}".lower()
    personal = f"{user_name}@mail.example.net" if kind == "personal_address" else ""
    number = f"+1{AREA_CODES[index % len(AREA_CODES)]}555{index // len(AREA_CODES):04}"
    return Person(user_name, first, last, email, personal, number, kind=kind)


def _with(person: Person, *phones: DuoPhone) -> DuoProfile:
    return DuoProfile(phones=phones, email=person.email)


def _sms_only(person: Person) -> DuoProfile:
    return _with(person, DuoPhone(person.number, "google android"))


KINDS: Final[Mapping[str, Callable[[Person], DuoProfile | None]]] = MappingProxyType(
    {
        "never_activated": _sms_only,
        "platform_unknown": lambda person: _with(person, DuoPhone(person.number)),
        "no_phone": _with,
        "working_app": lambda person: _with(person, DuoPhone(person.number, "apple ios", activated=True)),
        "security_key": lambda person: replace(_sms_only(person), webauthn=1),
        "locked_out": lambda person: replace(_sms_only(person), status="locked out"),
        "disabled": lambda person: replace(_sms_only(person), status="disabled"),
        "bypass": lambda person: replace(_sms_only(person), status="bypass"),
        "privileged": lambda person: replace(_sms_only(person), groups=("Duo Admins",)),
        "shared_phone": _sms_only,
        "phone_sharer": _sms_only,  # the number is that of the person before
        "landline": lambda person: _with(person, DuoPhone(person.number, type="landline")),
        "two_aliases": lambda person: replace(_sms_only(person), aliases=(f"{person.user_name}.old", person.email)),
        "no_duo_user": lambda _: None,
        "personal_address": _sms_only,
        "never_logged_in": lambda person: replace(_sms_only(person), logged_in=False),
    }
)
"""Each kind's user in Duo. `personal_address` differs at the help site: an address outside the district."""
