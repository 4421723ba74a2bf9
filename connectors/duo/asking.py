"""What may be put into a call: ids that fit a path, texts that fit a query, times that aren't "never"."""

import re
from datetime import timedelta
from typing import Final

from connectors.duo.failures import SYSTEM
from connectors.errors import Refused

ID: Final = re.compile(r"D[A-Z0-9]{5,30}")  # every sample seen is longer and begins DU or DP (Admin API facts §1)
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def known_id(text: str) -> str:
    """`text`, which is one of Duo's ids; duo_client puts some of them into a path as they are."""
    if not ID.fullmatch(text):
        raise Refused(SYSTEM, "id", "what should be one of Duo's ids isn't")
    return text


def number(text: str) -> str:
    """`text`, which is a phone number with its country; Duo takes one without it for American."""
    if not E164.fullmatch(text):
        raise Refused(SYSTEM, "number", "a phone number must be + and 7 to 15 digits")
    return text


def words(what: str, text: str) -> str:
    """`text`, which is printable and not empty: an empty filter would be no filter."""
    if not text.strip() or not text.isprintable():
        raise Refused(SYSTEM, "text", f"{what} must not be empty or hold control characters")
    return text


def seconds(span: timedelta) -> int:
    """`span` in whole seconds, rounded down; what would be 0, and so "never ends" to Duo, is a mistake of ours."""
    whole = int(span.total_seconds())
    if whole < 1:
        raise ValueError("Duo takes a time of 0 s for one without end")
    return whole
