"""The configuration in force, as TOML. Secrets show as the paths of their files: they are nowhere in it."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from worker.settings.settings import Settings
from worker.settings.table import Rate
from worker.settings.toml import key, toml


def dump(settings: Settings) -> str:
    """Every key with its value, defaults included; `load` reads it back to the same settings."""
    return "\n\n".join("\n".join(table) for table in _tables(settings, ())) + "\n"


def _tables(table: BaseModel, above: tuple[str, ...]) -> Iterator[list[str]]:
    plain: dict[str, Any] = table.model_dump()
    below = {name: value for name, value in table if is_table(value)}
    lines = [f"{key(name)} = {toml(value)}" for name, value in plain.items() if name not in below]
    if lines:
        yield ([f"[{'.'.join(above)}]"] if above else []) + lines
    for name, value in below.items():
        if isinstance(value, BaseModel):
            yield from _tables(value, (*above, name))
        else:
            yield [f"[{'.'.join((*above, name))}]"] + [f"{key(each)} = {toml(to)}" for each, to in value.items()]


def is_table(value: object) -> bool:
    """Whether a value is written as a table of its own, not in one line."""
    return isinstance(value, dict) or (isinstance(value, BaseModel) and not isinstance(value, Rate))
