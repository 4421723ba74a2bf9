"""A request whose person has been sent something, and what may happen then."""

import re
from datetime import timedelta
from typing import Any

from tests.rig import SECURITY_KEY, Filed, Rig

KIND = "personal_address"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def delivered_code(rig: Rig) -> Filed:
    filed = rig.file(KIND, device=SECURITY_KEY)
    rig.once()
    assert rig.request(filed).state == "awaiting"
    rig.clock.pass_(MINUTE)
    return filed


def use_code(rig: Rig, kind: str = KIND, **where: str) -> None:
    (code,) = rig.sandbox.duo.codes(rig.person(kind).user_name)
    assert rig.sandbox.duo.use_code(rig.person(kind).user_name, code.digits, **where)


def later(rig: Rig, span: timedelta) -> None:
    rig.clock.pass_(span)
    rig.sandbox.duo.limits.clear()
    rig.once()


def nothing_is_alive(rig: Rig) -> bool:
    pushes = [push for push in rig.sandbox.password_pusher.pushes if not push.expired]
    return not pushes and rig.sandbox.duo.all_codes() == ()


def delivered_text(rig: Rig) -> Filed:
    filed = rig.file("never_activated")
    rig.once()
    assert rig.request(filed).outcome == "mobile.activation_link"
    rig.clock.pass_(MINUTE)
    return filed


def add_key(rig: Rig, kind: str = KIND, **key: Any) -> None:
    rig.sandbox.duo.register_key(rig.person(kind).user_name, **key)


def open_link(rig: Rig, filed: Filed, *, passphrase: str = "", ip: str = "198.51.100.7") -> str:
    """Open the mailed link; empty `passphrase`: the right one. The code, or nothing."""
    typed = passphrase or rig.passphrase(filed)
    (link,) = {found.group() for mail in rig.sandbox.mail.messages if (found := LINK.search(mail.plain))}
    return rig.sandbox.password_pusher.open(link, typed, ip=ip).payload


def mails(rig: Rig, words: str) -> list[str]:
    """The addresses that got a mail with these words."""
    return sorted(mail.recipients[0] for mail in rig.sandbox.mail.messages if words in mail.plain)


LINK = re.compile(r"https://localhost:\d+/p/\S+")
