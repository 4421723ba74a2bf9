"""Values written as TOML: as much of it as a worker's configuration needs."""

import json
from collections.abc import Mapping
from typing import Any


def document(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """A file of tables; a mapping inside one becomes a table of its own, after the plain keys of the one it is in."""
    return "\n".join(_table(name, table) for name, table in tables.items())


def _table(name: str, table: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    nested = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    lines = [f"[{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in plain.items()), ""]
    return "\n".join([*lines, *(_table(f"{name}.{_key(key)}", value) for key, value in nested.items())])


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    """JSON's texts, numbers and truths are TOML too, but for one character that TOML wants escaped."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
