"""One object too many is answered with 500 / 50001, as if Duo had failed (§1)."""

from typing import Final

from connectors.sandbox.duo.failures import Failure

PHONES_PER_USER: Final = 100
USERS_PER_PHONE: Final = 100
CREDENTIALS_PER_USER: Final = 100
CODES_PER_USER: Final = 100


def within(count: int, most: int, code: int = 50001) -> None:
    """Refuse where there would be more than `most`."""
    if count > most:
        raise Failure(code)
