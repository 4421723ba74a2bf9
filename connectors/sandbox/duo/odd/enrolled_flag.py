"""`is_enrolled` is no proof of anything useful: any phone makes it true, one that was never activated too (§3)."""

from connectors.sandbox.duo.records import User


def is_enrolled(user: User) -> bool:
    """True as soon as the user has any phone, token or WebAuthn credential."""
    return has_device(user)


def has_device(user: User) -> bool:
    """Whether the user owns anything at all."""
    return bool(user.phone_ids or user.tokens or user.webauthnkeys)
