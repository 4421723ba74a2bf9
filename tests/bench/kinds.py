"""What a call is, as far as costs go."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from connectors.sandbox.calls import Call

SIGN_INS: Final = ("oauth", "/auth/")
TICKET: Final = re.compile(r"/tickets/[0-9]+")


def counted(calls: Sequence[Call]) -> Counter[tuple[str, str]]:
    """How many, by system and kind; signing in is none.

    The kinds are "read" and "write"; of TeamDynamix, which has no page with all of it, also "search" (of all tickets at
    once), "detail" (one ticket), "feed" and "person" instead of "read", and "afterwards": of a ticket and its feed what
    is read after the last write to it.
    """
    return Counter(_kinds([call for call in calls if not any(part in call.path for part in SIGN_INS)]))


def _kinds(calls: Sequence[Call]) -> Iterator[tuple[str, str]]:
    last = {_ticket(call): place for place, call in enumerate(calls) if _kind(call) == "write" and _ticket(call)}
    for place, call in enumerate(calls):
        kind = _kind(call)
        later = kind in ("detail", "feed") and place > last.get(_ticket(call), len(calls))
        yield call.system, "afterwards" if later else kind


def _kind(call: Call) -> str:
    if call.system != "teamdynamix":
        return "write" if call.writes else "read"
    if call.path.endswith("/search"):
        return "search"
    if call.writes:
        return "write"
    if "/people/" in call.path:
        return "person"
    return "feed" if "/feed" in call.path else "detail" if _ticket(call) else "read"


def _ticket(call: Call) -> str:
    found = TICKET.search(call.path) if call.system == "teamdynamix" else None
    return found.group() if found else ""
