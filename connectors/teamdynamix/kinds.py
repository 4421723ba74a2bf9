"""Which calls TeamDynamix counts together: those of one method to one endpoint, whatever ids it names (facts §5)."""

import re
from collections.abc import Callable
from typing import Final

Gates = Callable[[str], None]
"""As `connectors.gate.Gate`, for a call of that kind."""

SEARCH: Final = "POST tickets/search"
READ: Final = "GET tickets"
PATCH: Final = "PATCH tickets"
READ_FEED: Final = "GET tickets/feed"
POST_FEED: Final = "POST tickets/feed"
PERSON: Final = "GET people"
SIGN_IN: Final = "POST auth"

_ID: Final = re.compile(r"[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def kind(method: str, path: str) -> str:
    """The kind of a call to `path`, which is what stands behind /api/; searches of all applications are one."""
    parts = path.partition("?")[0].split("/")
    return f"{method} {'/'.join(part for part in parts if not _ID.fullmatch(part))}"


def free(_kind: str) -> None:
    """Gates without a limit."""
