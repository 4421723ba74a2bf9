"""A person with a device in hand: the app activated, a phone or a key added, a push answered (§5, §6, §7, §12)."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.acts.events import Event, Prompt, write
from connectors.sandbox.duo.odd.enrolled_flag import has_device
from connectors.sandbox.duo.odd.object_limits import CREDENTIALS_PER_USER, within
from connectors.sandbox.duo.ownership import attach
from connectors.sandbox.duo.records import Credential, Phone, User


def activate(account: Account, phone: Phone, platform: str) -> bool:
    """Open the activation link on the phone; whether one was outstanding and its time not over.

    Activation finds out what the phone really is, where Duo knew it only as some smartphone (§5).
    """
    waiting = phone.activation
    if waiting is None or waiting.expires <= account.now():
        return False
    phone.activation = None
    _set_up(account, phone, platform)
    return True


def add_phone(account: Account, user: User, number: str, platform: str, prompt: Prompt) -> Phone | None:
    """Add a phone at "Manage devices" and scan its QR code; None where the number is on somebody else's record."""
    phone = account.phones.numbered(number) if number else None
    if phone is not None and phone.user_ids and user.user_id not in phone.user_ids:
        return None
    if phone is None:
        phone = Phone(account.new_id("DP"), number, type="mobile", platform=platform)
        account.phones.add(phone)
    attach(user, phone)
    phone.activation = None
    _set_up(account, phone, platform)
    _enrolled(account, user, prompt, phone.number)
    return phone


def register_key(
    account: Account, user: User, prompt: Prompt, *, label: str, registered_as: str, transports: tuple[str, ...]
) -> Credential:
    """Add a security key or passkey at "Manage devices"."""
    within(len(user.webauthnkeys) + 1, CREDENTIALS_PER_USER)
    key = account.new_id("WA")
    credential = Credential(key, user.user_id, label, account.now(), registered_as, transports)
    account.credentials[key] = credential
    user.webauthnkeys[key] = None
    _enrolled(account, user, prompt, label)
    return credential


def follow_enrollment_link(account: Account, code: str) -> User | None:
    """Open a mailed enrolment link: whose it is, if its time isn't over and they have no device yet (§6)."""
    mail = next((mail for mail in account.mails if mail.code == code), None)
    if mail is None or (mail.expires is not None and mail.expires <= account.now()):
        return None
    user = account.users.get(mail.user_id)
    return None if user is None or has_device(user) else user


def answer_push(account: Account, user: User, result: str) -> bool:
    """Answer the verification pushes that wait for the user; whether there was one."""
    waiting = [push for push in account.pushes.values() if push.user_id == user.user_id and push.result == "waiting"]
    for push in waiting:
        push.result = result
    return bool(waiting)


def _set_up(account: Account, phone: Phone, platform: str) -> None:
    phone.activated, phone.last_seen = True, account.now()
    guessed = phone.platform in ("unknown", "generic smartphone")
    phone.platform = platform or ("google android" if guessed else phone.platform)
    phone.type = "mobile"


def _enrolled(account: Account, user: User, prompt: Prompt, device: str) -> None:
    write(account, user, prompt, Event("not_available", "success", "", event_type="enrollment", device=device))
