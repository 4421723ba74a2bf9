"""Durations as text: a whole number and s, m, h or d."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
LONGEST = timedelta(days=3650)
TEXT = re.compile(r"([0-9]{1,9})([smhd])")


def parse(value: object) -> timedelta:
    """The duration that a configured text names.

    Raises:
        ValueError: Not such a text, nothing, or more than ten years.
    """
    if isinstance(value, timedelta):
        return value
    found = TEXT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('must be text of a whole number and s, m, h or d, such as "90s"')
    number, unit = int(found[1]), UNITS[found[2]]
    if not 0 < number <= LONGEST // unit:
        raise ValueError(f'must be at least "1s" and at most "{LONGEST.days}d"')
    return number * unit


def text(value: timedelta) -> str:
    """The shortest text that `parse` reads as `value`, which counts whole seconds; a day is "24h"."""
    if value == UNITS["d"]:
        return "24h"
    unit = next(name for name, length in UNITS.items() if not value % length)
    return f"{value // UNITS[unit]}{unit}"


Duration = Annotated[timedelta, BeforeValidator(parse), PlainSerializer(text, return_type=str)]
