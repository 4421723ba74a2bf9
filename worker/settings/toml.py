"""Values as TOML text: as much of TOML as the configuration needs."""

import json
from collections.abc import Mapping
from typing import assert_never

Value = str | bool | int | list["Value"] | tuple["Value", ...] | Mapping[str, "Value"]


def toml(value: Value) -> str:
    """One value in one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            # JSON's escapes are TOML's, but for the one control character that JSON leaves alone.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case list() | tuple():
            return f"[{', '.join(toml(each) for each in value)}]"
        case Mapping():
            inside = ", ".join(f"{key(name)} = {toml(each)}" for name, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case _:
            assert_never(value)


def key(name: str) -> str:
    """A key, quoted where it has to be."""
    bare = name.isascii() and name.replace("-", "_").isidentifier()
    return name if bare else toml(name)
