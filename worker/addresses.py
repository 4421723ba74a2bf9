"""Where mail may go: the addresses on file, which of them gets the link, who else is told, and the passphrase's place.

An address typed in a ticket is never among them (design §6.5, §6.6).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.duo.model import User
from worker.tickets.ticket import Person

Place = Literal["field", "ticket", "none"]

_LONGEST = 254
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True)
class Addresses:
    """One person's; empty where there is none. `second` is on file and doesn't open with the help-site password."""

    on_file: tuple[str, ...] = ()
    second: str = ""
    link_to: str = ""  # `second` where there is one, else the first on file
    notice_to: tuple[str, ...] = ()  # whom to tell where a link was mailed to `link_to`
    notice_without_link: tuple[str, ...] = ()  # whom to tell where none was


def addresses(
    person: Person,
    user: User | None,
    *,
    same_login_domains: Sequence[str],
    notice_copy: str,
    creates_users: bool = False,
) -> Addresses:
    """What is on file for `person`, whose Duo account is `user`: Duo's own address first, then the trusted fields.

    Duo's own counts only where the ticket system has the same. It is a second address only of somebody who has logged
    in with Duo: an account that nobody used yet may have got its address from the ticket system. For a person whom the
    worker will create (`creates_users`) that is the address Duo's will be, if it opens with the help-site password.
    """
    own = _own(person, user) if user is not None or not creates_users else _to_be(person, same_login_domains)
    proven = own if user is not None and user.last_login is not None else ""
    on_file = _distinct((own, *person.trusted_addresses))
    second = _first_apart(_distinct((proven, *person.trusted_addresses)), same_login_domains)
    link_to = second or next(iter(on_file), "")
    others = tuple(address for address in on_file if not agree(address, link_to))
    return Addresses(
        on_file=on_file,
        second=second,
        link_to=link_to,
        notice_to=others or _copy(notice_copy, link_to),
        notice_without_link=on_file or _copy(notice_copy, link_to),
    )


def valid(address: str) -> bool:
    """Whether mail can be sent to it as it is: printable ASCII, one @, a domain of two labels or more."""
    return len(address) <= _LONGEST and _ADDRESS.fullmatch(address) is not None


def agree(one: str, other: str) -> bool:
    """Whether both are the same usable address, without regard to case."""
    return valid(one) and one.casefold() == other.casefold()


def passphrase_place(
    setting: Literal["auto", "field", "ticket", "none"],
    *,
    has_field: bool,
    comments_are_mailed: bool,
    opener_is_person: bool,
    watched: bool,
) -> Place:
    """Where the passphrase goes so that the mailbox that gets the link can't see it; "none": there is none.

    Naming "ticket" doesn't lift its conditions, it only leaves the field out.
    """
    if has_field and setting in {"auto", "field"}:
        return "field"
    unseen = not comments_are_mailed and opener_is_person and not watched
    return "ticket" if unseen and setting in {"auto", "ticket"} else "none"


def channels(place: Place) -> int:
    """How many channels carry what is needed: the mailed link alone, or a passphrase elsewhere beside it."""
    return 1 if place == "none" else 2


def _own(person: Person, user: User | None) -> str:
    return user.email if user is not None and agree(user.email, person.email) else ""


def _to_be(person: Person, same_login_domains: Sequence[str]) -> str:
    return "" if _is_apart(person.email, same_login_domains) else person.email


def _first_apart(candidates: Sequence[str], same_login_domains: Sequence[str]) -> str:
    return next((address for address in candidates if _is_apart(address, same_login_domains)), "")


def _distinct(candidates: Sequence[str]) -> tuple[str, ...]:
    """The valid ones, each once, as first spelt."""
    spelt: dict[str, str] = {}
    for address in filter(valid, candidates):
        spelt.setdefault(address.casefold(), address)
    return tuple(spelt.values())


def _is_apart(address: str, same_login_domains: Sequence[str]) -> bool:
    """Whether its domain is none of these and below none of these; with none configured nothing is apart."""
    domain = "." + address.rpartition("@")[2].casefold()
    return bool(same_login_domains) and not any(
        domain.endswith("." + same_login.casefold().strip(".")) for same_login in same_login_domains
    )


def _copy(notice_copy: str, link_to: str) -> tuple[str, ...]:
    return (notice_copy,) if notice_copy and not agree(notice_copy, link_to) else ()
