"""`config.example.toml`, made from the tables' own descriptions: `python -m worker.settings.example`."""

import sys
import textwrap
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from worker.settings.dump import is_table
from worker.settings.settings import Settings
from worker.settings.toml import key, toml

WIDTH = 118
HEAD = """\
# Configuration of duo-worker: every key, with its meaning and default. This file is made from the program's own
# descriptions and ships with mode = "shadow": it decides and shows, and writes nothing anywhere.
#
# Durations are text: a whole number and s, m, h or d. Paths count from this file's folder. Every secret is in a file of
# its own, named by a *_file key. DUO_WORKER_<TABLE>__<KEY> in the environment overrides any key, such as
# DUO_WORKER_WORKER__POLL_EVERY=30s or DUO_WORKER_SERVICENOW__STATES__PENDING=-5.
"""


def example() -> str:
    """The text of the file."""
    return HEAD + "".join(_table(Settings, ()))


def _table(model: type[BaseModel], above: tuple[str, ...], head: str = "[{}]") -> Iterator[str]:
    fields = model.model_fields
    below = {name: field for name, field in fields.items() if _is_table(field)}
    if above:
        yield f"\n{_comment(model.__doc__ or '')}{head.format('.'.join(above))}\n"
    yield from (_key(model, name, field) for name, field in fields.items() if name not in below)
    for name, field in below.items():
        yield from _table_below((*above, name), field)


def _table_below(path: tuple[str, ...], field: FieldInfo) -> Iterator[str]:
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        yield from _table(field.annotation, path)
    elif model := _listed(field):
        yield f"\n{_comment(field.description or '').rstrip()}"
        yield from _table(model, path, "[[{}]]")
    else:
        lines = "".join(f"{key(name)} = {toml(value)}\n" for name, value in field.default.items())
        yield f"\n{_comment(field.description or '')}[{'.'.join(path)}]\n{lines}"


def _key(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    default = "Mandatory." if field.is_required() else f"Default: {toml(_plain(model, name, field.default))}."
    shown = field.examples[0] if field.examples else _plain(model, name, field.default)
    short = f"# {field.description} {default}\n"
    comment = short if len(short) <= WIDTH else _comment(field.description or "") + _comment(default)
    return f"{comment}{key(name)} = {toml(shown)}\n"


def _plain(model: type[BaseModel], name: str, default: Any) -> Any:
    """A default as the file writes it."""
    return model.model_construct(**{name: default}).model_dump(include={name}, warnings=False)[name]


def _is_table(field: FieldInfo) -> bool:
    annotation = field.annotation
    if _listed(field):
        return True
    if field.is_required():
        return isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return is_table(field.default)


def _listed(field: FieldInfo) -> type[BaseModel] | None:
    """What a list of tables is made of; None for any other key."""
    item = next(iter(get_args(field.annotation)), None)
    return item if isinstance(item, type) and issubclass(item, BaseModel) else None


def _comment(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(example())
