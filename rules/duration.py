"""Durations as people write them: a whole number and s, m, h or d."""

import re
from datetime import timedelta

_TEXT = re.compile(r"(\d{1,9})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: object) -> object:
    """The duration that "15m" means; anything else as it came, for pydantic to judge (facts in JSON are ISO 8601)."""
    match = _TEXT.fullmatch(value) if isinstance(value, str) else None
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else value
