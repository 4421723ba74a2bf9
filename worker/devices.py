"""What devices a Duo user has, and which of them are new: the evidence of enrolment. `is_enrolled` is never asked.

Source: Duo Admin API facts §3, §7, §8.
"""

from dataclasses import dataclass

from connectors.duo.model import Phone, User, WebAuthnCredential

INSIDE = frozenset({"internal", "hybrid"})
"""Transports of a passkey that lives in a phone or computer, not on a hardware key."""


@dataclass(frozen=True)
class NewDevice:
    """A device that works now and didn't when the request was decided. `kind`: phone, key or passkey."""

    kind: str
    id: str
    words: str
    number: str = ""


def baseline(user: User | None) -> dict[str, list[str]]:
    """Ids of what the user has, to be kept: phones, those activated, keys, tokens."""
    if user is None:
        return {"phones": [], "activated": [], "keys": [], "tokens": []}
    return {
        "phones": [phone.phone_id for phone in user.phones],
        "activated": [phone.phone_id for phone in user.phones if phone.activated],
        "keys": [key.webauthnkey for key in user.webauthn_credentials],
        "tokens": list(user.token_ids),
    }


def new_devices(user: User, before: dict[str, list[str]]) -> list[NewDevice]:
    """What works now and wasn't there or didn't work before."""
    phones = [p for p in user.phones if p.activated and p.phone_id not in before.get("activated", [])]
    keys = [key for key in user.webauthn_credentials if key.webauthnkey not in before.get("keys", [])]
    tokens = [token for token in user.token_ids if token not in before.get("tokens", [])]
    return [
        *(_phone(phone) for phone in phones),
        *(_key(key) for key in keys),
        *(NewDevice("token", token, "a hardware token") for token in tokens),
    ]


def is_wanted(device: NewDevice, option: str) -> bool:
    """Whether it is of the kind that the option was for."""
    return device.kind == ("phone" if option.startswith("mobile.") else "key")


def _phone(phone: Phone) -> NewDevice:
    ending = f" on the phone ending in {phone.number[-2:]}" if phone.number else " on a tablet"
    return NewDevice("phone", phone.phone_id, f"Duo Mobile{ending}", phone.number)


def _key(key: WebAuthnCredential) -> NewDevice:
    """A passkey in a phone or computer is told from a hardware key where Duo says so."""
    inside = key.registered_as == "platform" or (bool(key.transports) and set(key.transports) <= INSIDE)
    return NewDevice("passkey" if inside else "key", key.webauthnkey, "a passkey" if inside else "a security key")
