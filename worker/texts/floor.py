"""The oldest phone systems that Duo Mobile runs on: a dated table, because they move."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from worker.texts.errors import TextError

VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}")
KEYS = {"from", "ios", "android", "source"}


@dataclass(frozen=True)
class Floor:
    """The oldest versions, from `begins` on."""

    begins: date
    ios: str
    android: str


@dataclass(frozen=True)
class Floors:
    """All of them, oldest first; never none."""

    rows: tuple[Floor, ...]

    def on(self, day: date) -> Floor:
        """The one in force on a day; before the first, the first."""
        return max((row for row in self.rows if row.begins <= day), key=lambda row: row.begins, default=self.rows[0])


def parse(text: str, name: str) -> Floors:
    """The table in `text`; `name` is its file's, for messages.

    Raises:
        TextError: It can't be read, is empty, or a row lacks or misspells something.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TextError(f"{name} is no valid TOML: {error}.") from error
    rows = tables.get("floor")
    if set(tables) != {"floor"} or not isinstance(rows, list) or not rows:
        raise TextError(f"{name} must hold [[floor]] rows and nothing else.")
    return Floors(tuple(sorted((_row(row, name) for row in rows), key=lambda row: row.begins)))


def _row(row: Any, name: str) -> Floor:
    if not isinstance(row, dict) or set(row) != KEYS:
        raise TextError(f"{name}: every [[floor]] row needs {', '.join(sorted(KEYS))} and nothing else.")
    begins, ios, android = row["from"], row["ios"], row["android"]
    if not isinstance(begins, date) or isinstance(begins, datetime):
        raise TextError(f"{name}: from must be a date, such as 2026-02-02.")
    for version in (ios, android):
        if not isinstance(version, str) or not VERSION.fullmatch(version):
            raise TextError(f'{name}: ios and android must be versions as text, such as "16.0".')
    return Floor(begins, ios, android)
