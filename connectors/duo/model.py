"""What the Admin API answers, as values (Admin API facts §3–8). Words are Duo's, in lower case."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Group:
    """A Duo group; `status` is "active", "bypass" or "disabled"; empty where the answer didn't say."""

    group_id: str
    name: str
    status: str = ""


@dataclass(frozen=True)
class Phone:
    """A phone object. `user_ids` is filled where it was read as a phone, not as part of a user."""

    phone_id: str
    number: str = ""  # E.164
    type: str = "unknown"  # mobile, landline, unknown
    platform: str = "unknown"
    activated: bool = False
    capabilities: tuple[str, ...] = ()
    last_seen: str = ""
    user_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class WebAuthnCredential:
    """A security key or passkey. `registered_as`: platform, cross-platform, unknown or empty."""

    webauthnkey: str
    label: str = ""
    date_added: datetime | None = None
    registered_as: str = ""
    transports: tuple[str, ...] = ()


@dataclass(frozen=True)
class User:
    """A user with their devices. `status`: active, bypass, disabled, locked out, pending deletion, or Duo's word."""

    user_id: str
    username: str
    aliases: tuple[str, ...] = ()
    email: str = ""
    first_name: str = ""
    status: str = ""
    lockout_reason: str = ""
    last_login: datetime | None = None
    created: datetime | None = None
    groups: tuple[Group, ...] = ()
    phones: tuple[Phone, ...] = ()
    webauthn_credentials: tuple[WebAuthnCredential, ...] = ()
    token_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class BypassCode:
    """A bypass code's metadata; the digits are never among them. `expiration` None: never expires."""

    bypass_code_id: str
    created: datetime
    expiration: datetime | None
    reuse_count: int | None
    admin_email: str = ""


@dataclass(frozen=True)
class CalculatedPolicy:
    """The effective policy of one user at one application; empty words where the answer didn't say."""

    new_user: str  # enroll, no-mfa, deny, or empty
    blocked_methods: tuple[str, ...]


@dataclass(frozen=True)
class TelephonyEvent:
    """One text or call Duo sent."""

    at: datetime
    type: str
    phone: str
    context: str
