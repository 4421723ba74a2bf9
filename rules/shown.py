"""Values of the facts in words, for traces and for the sentences of a table."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LONGEST = 200
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def shown(value: object) -> str:
    """A value as a trace shows it: texts in quotes, of a phone only what differs from the defaults."""
    match value:
        case str():
            return f"'{worded(value)}'"
        case tuple():
            return f"[{', '.join(map(shown, value))}]"
        case _ if is_dataclass(value) and not isinstance(value, type):
            return "{" + ", ".join(_differing(value)) + "}"
        case _:
            return worded(value)


def worded(value: object) -> str:
    """A text, number, time or yes-or-no as a sentence shows it; a text is cut at 200 characters."""
    match value:
        case bool():
            return "true" if value else "false"
        case timedelta():
            return _duration(value)
        case datetime():
            return value.isoformat()
        case _:
            text = str(value)
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _differing(value: "DataclassInstance") -> Iterator[str]:
    defaults = type(value)()
    for field in fields(value):
        part = getattr(value, field.name)
        if part != getattr(defaults, field.name):
            yield f"{field.name}={shown(part)}"


def _duration(value: timedelta) -> str:
    """Its two greatest units, rounded down: "14d 3h", "15m", "0s"."""
    rest, parts = int(abs(value).total_seconds()), []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        parts += [f"{count}{unit}"] if count else []
    return ("-" if value < timedelta() else "") + (" ".join(parts[:2]) or "0s")
