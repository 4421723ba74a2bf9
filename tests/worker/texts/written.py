"""The shipped texts, and a request to write about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from connectors.secret import Secret
from worker.settings.support import Support
from worker.texts import TextContext, Texts, load

NOON = datetime(2026, 11, 24, 15, 4, tzinfo=UTC)
LINK = "https://pwpush.example.edu/p/abc-def/r"
PASSPHRASE = "MFRGGZDFMZTW"

REQUEST = TextContext(
    ticket="SCTASK0010001",
    now=NOON,
    first_name="Ana",
    option="mobile.bypass_code",
    row="verified-at-the-desk",
    reason="identity was checked at the desk",
    proof=("a work note of Identity Desk",),
    done=("bypass code made",),
    number_ending="42",
    address_hint="a…@example.edu",
    link=Secret(LINK),
    passphrase=Secret(PASSPHRASE),
    code_valid_until=NOON + timedelta(hours=8),
    activation_until=NOON + timedelta(hours=1),
    enrollment_until=NOON + timedelta(days=1),
)


@cache
def texts(folder: Path | None = None, **support: Any) -> Texts:
    """The texts of an installation with this `[support]`."""
    return load(Support(texts=folder, **support))


def about(**changes: Any) -> TextContext:
    """The request, with what differs."""
    return replace(REQUEST, **changes)


def in_order(text: str, *words: str) -> bool:
    """Whether all the words stand in the text, in this order."""
    at = 0
    for word in words:
        at = text.find(word, at) + 1
        if not at:
            return False
    return True
