"""`DUO_WORKER_<TABLE>__<KEY>` in the environment overrides a key of the file."""

import tomllib
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from worker.settings.errors import ConfigError, nearest
from worker.settings.settings import Settings
from worker.settings.table import Rate

PREFIX = "DUO_WORKER_"
NOT_A_KEY = frozenset({"DUO_WORKER_CONFIG"})  # names the file itself
OF_TESTS = "DUO_WORKER_TEST"  # begins names that only the tests read

Keys = tuple[str, ...]


def overridden(tables: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[Keys, str]]:
    """`tables` with the environment's values in place, and which variable gave the value of which key.

    Raises:
        ConfigError: A variable that names no key.
    """
    valid = {variable(keys): keys for keys in known(Settings)}
    result = _copied(tables)
    given: dict[Keys, str] = {}
    for name in sorted(set(environ) - NOT_A_KEY):
        if not name.startswith(PREFIX) or name.startswith(OF_TESTS):
            continue
        if name not in valid:
            raise ConfigError(f"{name} in the environment names no key; {nearest(name, valid)}.")
        keys = valid[name]
        _put(result, keys, _value(environ[name], _annotation(keys)))
        given[keys] = name
    return result, given


def variable(keys: Keys) -> str:
    """The variable that overrides a key."""
    return PREFIX + "__".join(keys).upper()


def known(model: type[BaseModel], above: Keys = ()) -> Iterator[Keys]:
    """Every key of a table and of the tables in it; a rate is one value, written in one line."""
    for name, field in model.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel) and not issubclass(table, Rate):
            yield from known(table, (*above, name))
        else:
            yield (*above, name)


def _annotation(keys: Keys) -> Any:
    model: Any = Settings
    for key in keys:
        model = model.model_fields[key].annotation
    return model


def _value(text: str, annotation: Any) -> Any:
    """The text as TOML where it parses; a key that holds text takes anything else as it stands (`30s`, `-5`)."""
    try:
        value = tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, str) or not _holds_text(annotation) else text


def _holds_text(annotation: Any) -> bool:
    if get_origin(annotation) in {Union, UnionType}:
        return any(_holds_text(each) for each in get_args(annotation) if each is not type(None))
    structured = annotation in {bool, int} or get_origin(annotation) in {tuple, dict}
    return not structured and not (isinstance(annotation, type) and issubclass(annotation, BaseModel))


def _copied(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(value) if isinstance(value, Mapping) else value for name, value in tables.items()}


def _put(tables: dict[str, Any], keys: Keys, value: Any) -> None:
    for key in keys[:-1]:
        below = tables.setdefault(key, {})
        if not isinstance(below, dict):
            return  # the file has a value where a table belongs; reading it says so
        tables = below
    tables[keys[-1]] = value
