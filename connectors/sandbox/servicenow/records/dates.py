"""Times as the instance keeps them, "2026-11-20 15:04:05" in UTC, and as it shows them, in the user's zone (§3.3)."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

FORMAT: Final = "%Y-%m-%d %H:%M:%S"
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
DATE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def zone(name: str) -> tzinfo:
    """A user's time zone by its name; UTC and GMT need no zone data on the machine."""
    return UTC if name in ("UTC", "GMT") else ZoneInfo(name)


def stamp(at: datetime) -> str:
    """As kept; parts of a second are cut off."""
    return at.astimezone(UTC).strftime(FORMAT)


def moment(text: str) -> datetime:
    """The time that a kept text stands for."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(text: str, where: tzinfo) -> str:
    """A kept time as a user in this zone sees it."""
    return text if where is UTC else moment(text).astimezone(where).strftime(FORMAT)


def entered(text: str, where: tzinfo) -> str | None:
    """A time typed by a user in this zone, as kept; None where it is no time. A date alone is its first second."""
    if DATE.fullmatch(text):
        text = f"{text} 00:00:00"
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp(typed.replace(tzinfo=where))
