"""Values of TeamDynamix's JSON, read leniently where it varies and refused where nothing can be made of them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from connectors.errors import Unavailable
from connectors.teamdynamix.failures import SYSTEM

NOBODY: Final = "00000000-0000-0000-0000-000000000000"
_FRACTION: Final = re.compile(r"\.(\d+)")

Values = Mapping[str, Any]


class Garbled(Unavailable):
    """A record whose field holds nothing that can be read, in an answer that can. `detail` names the field alone."""

    def __init__(self, detail: str) -> None:
        super().__init__(SYSTEM, detail)


def text(values: Values, name: str) -> str:
    """Empty where it is null, absent or no text."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def number(values: Values, name: str) -> int:
    """0 where it is null or absent, which is how TeamDynamix writes "none"."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def uid(values: Values, name: str) -> str:
    """A UID in lower case; empty for null, for all zeros and for what is none."""
    try:
        found = str(UUID(text(values, name)))
    except ValueError:
        return ""
    return "" if found == NOBODY else found


def moment(values: Values, name: str) -> datetime | None:
    """A time; None for null and for the year 1, which stands for none. Raises `Garbled` for what can't be read."""
    written = text(values, name)
    if not written or written.startswith("0001-"):
        return None
    try:
        found = datetime.fromisoformat(_FRACTION.sub(_six, written))
    except ValueError as error:
        raise Garbled(f"{name} holds no time that can be read") from error
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def at(values: Values, name: str) -> datetime:
    """A time that has to be there."""
    found = moment(values, name)
    if found is None:
        raise Garbled(f"{name} holds no time")
    return found


def utc(at: datetime) -> str:
    """A time as it is sent: always with Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def objects(value: Any) -> tuple[Values, ...]:
    """The objects of a list; of anything else, none."""
    return tuple(each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _six(found: re.Match[str]) -> str:
    return f".{found[1][:6]:0<6}"
