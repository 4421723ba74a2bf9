"""A table's TOML text, read into values whose keys and types are right. What they mean is checked afterwards."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from rules.facts import Duration, Facts
from rules.fields import fields_of, nearest

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
_Text = Annotated[str, StringConstraints(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]


class TextRefused(Exception):
    """A table can't be used; the text is one sentence that names the row, the word and the nearest valid one."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RowText(_Strict):
    id: _Id
    outcome: _Text
    when: _Texts
    because: _Text
    next_step: str = ""
    then: str = ""
    again_in: Duration | None = None
    at_most: Duration | None = None
    optional: bool = False


class ProofText(_Strict):
    id: _Id
    options: _Texts
    when: _Texts
    missing: str = ""
    next_step: str = ""


class ExampleText(_Strict):
    name: _Text
    expect: _Text
    given: dict[str, Any] = {}


class _Given(_Strict):
    facts: Facts


_Model = TypeVar("_Model", bound=_Strict)


@dataclass(frozen=True)
class TableText:
    rows: tuple[RowText, ...]
    proofs: tuple[ProofText, ...]
    examples: tuple[ExampleText, ...]


def read(text: str) -> TableText:
    """The rows, proofs and examples of a table.

    Raises:
        TextRefused: It isn't TOML, or a key, a type or an id is wrong.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TextRefused(f"isn't TOML: {error}") from error
    for key in document:
        if key not in {"row", "proof", "example"}:
            raise TextRefused(unknown(key, ("row", "proof", "example")))
    return TableText(
        tuple(_item(RowText, "row", raw) for raw in _items(document, "row")),
        tuple(_item(ProofText, "proof", raw) for raw in _items(document, "proof")),
        tuple(_item(ExampleText, "example", raw) for raw in _items(document, "example")),
    )


def facts_given(given: Mapping[str, Any]) -> Facts:
    """Facts that differ from the defaults in what is `given`.

    Raises:
        TextRefused: A section, field, word or type is wrong.
    """
    try:
        return _Given.model_validate_json(json.dumps({"facts": given}, default=str)).facts
    except ValidationError as error:
        first, (_, *path) = error.errors()[0], _path(error.errors()[0])
        raise TextRefused(_sentence(first, path, _names(path, words=first["type"] == "word"))) from error


def unknown(word: str, names: Iterable[str]) -> str:
    return f"`{word}` is unknown; the nearest is `{nearest(word, names)}`"


def _items(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = document.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise TextRefused(f"`{key}` isn't written as [[{key}]]")
    return items


def _item(model: type[_Model], key: str, raw: Mapping[str, Any]) -> _Model:
    label = f"{key} `{raw.get('id', raw.get('name', '?'))}`"
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        raise TextRefused(f"{label}: {_sentence(first, _path(first), model.model_fields)}") from error


def _sentence(error: ErrorDetails, path: Sequence[str], names: Iterable[str]) -> str:
    """`names` are those that may stand where the last of `path` does: keys, or the words of a field."""
    dotted = ".".join(path)
    match error["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return unknown(path[-1], names)
        case "missing":
            return f"`{dotted}` is missing"
        case "word":
            return f"`{dotted}` is never {error['input']!r}; the nearest word is '{nearest(error['input'], names)}'"
        case _:
            return f"`{dotted}`: {error['msg'][:1].lower()}{error['msg'][1:].replace('tuple', 'list')}"


def _path(error: ErrorDetails) -> list[str]:
    return [part for part in error["loc"] if isinstance(part, str)]


def _names(path: Sequence[str], *, words: bool) -> Iterable[str]:
    """The fields of the section that `path` leads into, or the words of the field it leads to."""
    section: type = Facts
    for name in path[:-1]:
        field = fields_of(section)[name]
        section = field.item.of if field.item else field.of
    return fields_of(section)[path[-1]].words if words else fields_of(section)
