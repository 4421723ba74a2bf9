"""What devices a Duo user has, and which of them are new: the evidence of enrolment. `is_enrolled` is never asked.

Source: Duo Admin API facts §3, §7, §8.
"""

from dataclasses import dataclass

from connectors.duo.model import Phone, User, WebAuthnCredential
from worker.facts.phones import is_working

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
    """The evidence that is noted before anything is done: what the user has, and when they last logged in.

    Ids of phones, of those activated, of those that can log in (push or passcode), of keys and tokens; of each key
    and the last log-in when that was, as far as Duo says.
    """
    user = user or User(user_id="", username="")
    return {
        "phones": [phone.phone_id for phone in user.phones],
        "activated": [phone.phone_id for phone in user.phones if phone.activated],
        "working": [phone.phone_id for phone in user.phones if is_working(phone)],
        "keys": [key.webauthnkey for key in user.webauthn_credentials],
        "keys_added": [
            f"{key.webauthnkey} {key.date_added.isoformat()}" for key in user.webauthn_credentials if key.date_added
        ],
        "tokens": list(user.token_ids),
        "last_login": [user.last_login.isoformat()] if user.last_login else [],
    }


def new_devices(user: User, before: dict[str, list[str]]) -> list[NewDevice]:
    """What works now and wasn't there or didn't work before."""
    keys = [key for key in user.webauthn_credentials if key.webauthnkey not in before.get("keys", [])]
    tokens = [token for token in user.token_ids if token not in before.get("tokens", [])]
    return [
        *(_phone(phone) for phone in user.phones if phone.activated and _is_new(phone, before)),
        *(_key(key) for key in keys),
        *(NewDevice("token", token, "a hardware token") for token in tokens),
    ]


def _is_new(phone: Phone, before: dict[str, list[str]]) -> bool:
    """Activated since; or activated all along, but only since then of any use for logging in."""
    if phone.phone_id not in before.get("activated", []):
        return True
    return "working" in before and is_working(phone) and phone.phone_id not in before["working"]


def is_wanted(device: NewDevice, option: str) -> bool:
    """Whether it is of the kind that the option was for; a passkey inside a phone or computer is no security key."""
    return device.kind == ("phone" if option.startswith("mobile.") else "key")


def _phone(phone: Phone) -> NewDevice:
    ending = f" on the phone ending in {phone.number[-2:]}" if phone.number else " on a tablet"
    return NewDevice("phone", phone.phone_id, f"Duo Mobile{ending}", phone.number)


def _key(key: WebAuthnCredential) -> NewDevice:
    """A passkey in a phone or computer is told from a hardware key where Duo says so."""
    inside = key.registered_as == "platform" or (bool(key.transports) and set(key.transports) <= INSIDE)
    return NewDevice("passkey" if inside else "key", key.webauthnkey, "a passkey" if inside else "a security key")
