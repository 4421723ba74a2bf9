"""Who owns which device, and what goes with a user or a phone that is deleted."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.odd.object_limits import PHONES_PER_USER, USERS_PER_PHONE, within
from connectors.sandbox.duo.records import BypassCode, Credential, Phone, User


def attach(user: User, phone: Phone) -> None:
    """Make a phone one of the user's too; it may have other owners. A second time changes nothing."""
    if phone.phone_id in user.phone_ids:
        return
    within(len(user.phone_ids) + 1, PHONES_PER_USER)
    within(len(phone.user_ids) + 1, USERS_PER_PHONE)
    user.phone_ids[phone.phone_id] = None
    phone.user_ids[user.user_id] = None


def detach(user: User, phone: Phone) -> None:
    """Undo `attach`; the phone stays, be it nobody's."""
    user.phone_ids.pop(phone.phone_id, None)
    phone.user_ids.pop(user.user_id, None)


def delete_phone(account: Account, phone: Phone) -> None:
    """Delete a phone, for all its owners."""
    for user_id in tuple(phone.user_ids):
        detach(account.user(user_id), phone)
    account.phones.remove(phone)


def delete_code(account: Account, code: BypassCode) -> None:
    """Delete a bypass code."""
    del account.codes[code.bypass_code_id]
    del account.user(code.user_id).code_ids[code.bypass_code_id]


def delete_credential(account: Account, credential: Credential) -> None:
    """Delete a WebAuthn credential."""
    del account.credentials[credential.webauthnkey]
    del account.user(credential.user_id).webauthnkeys[credential.webauthnkey]


def delete_user(account: Account, user: User) -> None:
    """Delete a user with their codes and credentials; their phones become nobody's."""
    for phone_id in tuple(user.phone_ids):
        detach(user, account.phone(phone_id))
    for code_id in tuple(user.code_ids):
        delete_code(account, account.codes[code_id])
    for key in tuple(user.webauthnkeys):
        delete_credential(account, account.credentials[key])
    account.lockouts.pop(user.user_id, None)
    account.users.remove(user)
