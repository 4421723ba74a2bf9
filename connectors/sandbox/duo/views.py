"""Records as the API shows them (§3, §4, §5, §7). Times are whole seconds since 1970 unless a field says otherwise."""

from datetime import datetime
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.odd.enrolled_flag import is_enrolled
from connectors.sandbox.duo.odd.legacy_flags import GROUP_FLAGS
from connectors.sandbox.duo.records import (
    PHONE_TYPES,
    PLATFORMS,
    BypassCode,
    Credential,
    Group,
    Json,
    Phone,
    Token,
    User,
)

ALIASES: Final = ("alias1", "alias2", "alias3", "alias4")
ADDED_LATER: Final = (
    "aaguid",
    "backup_eligible",
    "backup_status",
    "credential_id",
    "passwordless_authorized",
    "registered_as",
    "transports",
    "uv_capable",
)


def seconds(at: datetime | None) -> int | None:
    """Since 1970; None stays None."""
    return None if at is None else int(at.timestamp())


def brief_user(user: User) -> Json:
    """A user as part of another object: no devices."""
    return {
        "user_id": user.user_id,
        "username": user.username,
        **{name: user.aliases.get(name) for name in ALIASES},
        "aliases": dict(user.aliases),
        "email": user.email,
        "realname": user.realname,
        "firstname": user.firstname,
        "lastname": user.lastname,
        "notes": user.notes,
        "status": user.status,
        "created": seconds(user.created),
        "last_login": seconds(user.last_login),
    }


def user_view(account: Account, user: User) -> Json:
    """A user with their devices. The status of their groups isn't told (`odd.group_status`)."""
    phones = [account.phones.get(phone_id) for phone_id in user.phone_ids]
    return {
        **brief_user(user),
        "lockout_reason": user.lockout_reason,
        "is_enrolled": is_enrolled(user),
        "enable_auto_prompt": True,
        "last_directory_sync": None,
        "external_id": None,
        "groups": [_membership(account.groups[group_id]) for group_id in user.group_ids],
        "phones": [phone_as_device(phone) for phone in phones if phone is not None],
        "tokens": [token_view(token) for token in user.tokens],
        "u2ftokens": [],
        "webauthncredentials": [credential_as_device(account, account.credentials[key]) for key in user.webauthnkeys],
        "desktoptokens": [],
    }


def phone_as_device(phone: Phone) -> Json:
    """A phone as part of a user: without its owners."""
    return {
        "phone_id": phone.phone_id,
        "number": phone.number,
        "name": phone.name,
        "extension": phone.extension,
        "type": PHONE_TYPES[phone.type],
        "platform": PLATFORMS[phone.platform],
        "model": phone.model,
        "activated": phone.activated,
        "capabilities": capabilities(phone),
        "sms_passcodes_sent": phone.sms_passcodes_sent,
        "last_seen": "" if phone.last_seen is None else phone.last_seen.strftime("%Y-%m-%dT%H:%M:%S"),
        "predelay": phone.predelay,
        "postdelay": phone.postdelay,
        "encrypted": "",
        "fingerprint": "",
        "screenlock": "",
        "tampered": "",
    }


def phone_view(account: Account, phone: Phone) -> Json:
    """A phone by itself, with all its owners."""
    owners = (account.users.get(user_id) for user_id in phone.user_ids)
    return {**phone_as_device(phone), "users": [brief_user(owner) for owner in owners if owner is not None]}


def capabilities(phone: Phone) -> list[str]:
    """What the device can do, whatever policy allows it to (§5)."""
    app = ["push", "mobile_otp"] if phone.activated else []
    voice = ["phone"] if phone.number else []
    texts = ["sms"] if phone.number and phone.type != "landline" else []
    able = [*app[:1], *texts, *voice, *app[1:]]
    return ["auto", *able] if able else []


def token_view(token: Token) -> Json:
    """A hardware token."""
    return {"token_id": token.token_id, "serial": token.serial, "type": token.type, "totp_step": None}


def credential_as_device(account: Account, credential: Credential) -> Json:
    """A WebAuthn credential as part of a user; older accounts tell four fields only (§7, a switch)."""
    view: Json = {
        "webauthnkey": credential.webauthnkey,
        "credential_name": credential.credential_name,
        "label": "Touch ID" if credential.registered_as == "platform" else "Security Key",
        "date_added": seconds(credential.date_added),
        "date_last_used": seconds(credential.date_last_used),
        "registered_as": credential.registered_as,
        "uv_capable": True,
        "passwordless_authorized": False,
        "backup_eligible": False,
        "backup_status": False,
        "aaguid": "",
        "credential_id": credential.webauthnkey.lower(),
        "transports": list(credential.transports),
    }
    hidden = (*ADDED_LATER, "date_last_used") if account.switches.sparse_credentials else ()
    return {name: value for name, value in view.items() if name not in hidden}


def credential_view(account: Account, credential: Credential) -> Json:
    """A WebAuthn credential by itself."""
    owner = account.users.get(credential.user_id)
    view = credential_as_device(account, credential)
    return {**view, "user": None if owner is None else brief_user(owner), "admin": None}


def code_view(account: Account, code: BypassCode) -> Json:
    """A bypass code's metadata: never the code (§4)."""
    owner = account.users.get(code.user_id)
    return {
        "bypass_code_id": code.bypass_code_id,
        "admin_email": code.admin_email,
        "created": seconds(code.created),
        "expiration": seconds(code.expiration),
        "reuse_count": code.remaining_uses,
        "user": None if owner is None else brief_user(owner),
    }


def _membership(group: Group) -> Json:
    return {"group_id": group.group_id, "name": group.name, "desc": group.desc, **GROUP_FLAGS}


def group_view(group: Group) -> Json:
    """A group by itself: here its status is told."""
    return {**_membership(group), "status": group.status}
