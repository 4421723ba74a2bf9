"""What pydantic found, as one sentence for the operator. Values are never repeated: one might be a secret."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from worker.settings.errors import nearest
from worker.settings.overrides import Keys
from worker.settings.settings import Settings
from worker.settings.toml import key

WHAT = {
    "bool_type": "must be true or false",
    "dict_type": "must be a table of names and values",
    "int_type": "must be a whole number",
    "is_instance_of": "must be the path of a file, as text",
    "model_type": "must be a table of keys",
    "path_type": "must be the path of a file, as text",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "tuple_type": 'must be a list, such as ["one", "two"]',
    "too_short": "must not be empty",
}


def sentence(error: ValidationError, path: Path, given: Mapping[Keys, str]) -> str:
    """The first thing that is wrong: unknown keys before missing ones, since a typing mistake shows as both."""
    found = min(error.errors(include_input=False, include_url=False), key=lambda each: _weight(each["type"]))
    keys = tuple(str(part) for part in found["loc"] if isinstance(part, str))
    if found["type"] == "extra_forbidden":
        return f"{path}: {_unknown(keys)}."
    if found["type"] == "missing":
        return f"{path}: {_key(keys)} is missing; add it, config.example.toml shows what it looks like."
    where = next((name for at, name in given.items() if keys[: len(at)] == at), "")
    return f"{f'{where} in the environment' if where else f'{path}: {_key(keys)}'} {_rest(found)}."


def _weight(kind: str) -> int:
    return {"extra_forbidden": 0, "missing": 2}.get(kind, 1)


def _key(keys: Keys) -> str:
    *tables, last = (key(each) for each in keys)
    return f"[{'.'.join(tables)}] {last}" if tables else f"[{last}]"


def _unknown(keys: Keys) -> str:
    valid = _table(keys[:-1]).model_fields
    if len(keys) == 1:
        return f"there is no table or key {keys[0]!r}; {nearest(keys[0], valid)}"
    if f"{keys[-1]}_file" in valid:
        return f"{_key(keys)} is no key, because secrets stay in files of their own; name the file in {keys[-1]}_file"
    return f"{_key(keys)} is no key; {nearest(keys[-1], valid)}"


def _table(keys: Keys) -> type[BaseModel]:
    table: Any = Settings
    for name in keys:
        table = table.model_fields[name].annotation
    return table if isinstance(table, type) and issubclass(table, BaseModel) else Settings


def _rest(found: Any) -> str:
    context = found.get("ctx", {})
    match found["type"]:
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"must be {context['expected']}"
        case "greater_than_equal" | "less_than_equal":
            return f"must be {'at least' if 'ge' in context else 'at most'} {context.get('ge', context.get('le'))}"
        case kind:
            return WHAT.get(kind) or found["msg"].replace("Input should be", "must be")
