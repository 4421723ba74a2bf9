"""Basic authentication's header."""

import base64
import binascii

from connectors.sandbox.messages import Request


def user_and_password(request: Request) -> tuple[str, str] | None:
    """What the header carries; None where there is none or it can't be read."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, password
