"""What the devices of a Duo record are good for. Types, platforms and capabilities are Duo's words in lower case.

Source: Admin API facts §5.
"""

import rules.facts
from connectors.duo.model import Phone, User

_SMARTPHONES = ("apple ios", "google android", "generic smartphone", "windows phone", "windows phone 7")
_APP = frozenset({"push", "mobile_otp"})


def about_phone(phone: Phone, made_phone_ids: frozenset[str]) -> rules.facts.Phone:
    return rules.facts.Phone(
        id=phone.phone_id,
        mobile=is_mobile(phone),
        landline=phone.type == "landline",
        platform_known=platform_known(phone),
        activated=phone.activated,
        working=is_working(phone),
        made_by_worker=phone.phone_id in made_phone_ids,
    )


def is_mobile(phone: Phone) -> bool:
    return phone.type == "mobile" or (phone.type == "unknown" and phone.platform in _SMARTPHONES)


def same_number(one: str, other: str) -> bool:
    """Whether two numbers with their country are one, however they are spaced."""
    return _digits(one) == _digits(other)


def platform_known(phone: Phone) -> bool:
    return phone.platform not in {"", "unknown"}


def is_working(phone: Phone) -> bool:
    """Whether Duo Mobile on it can be used to log in: only an activated app is capable of these."""
    return not _APP.isdisjoint(phone.capabilities)


def only_dead_phones(user: User) -> bool:
    """Whether all the user has are phones that texts and calls are good for, and nothing else."""
    return bool(user.phones) and not has_other_devices(user) and all(_is_dead(phone) for phone in user.phones)


def has_other_devices(user: User) -> bool:
    """Whether the user has a security key, a passkey or a token: each works without a phone."""
    return bool(user.webauthn_credentials or user.token_ids)


def _is_dead(phone: Phone) -> bool:
    """Whether Duo Mobile never worked on it; `last_seen` is the app's last contact, which stays when it is removed."""
    return not (phone.activated or is_working(phone) or phone.last_seen)


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))
