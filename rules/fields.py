"""What the facts' fields are: asked when a table's conditions, texts and examples are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from rules.facts import OneOf


@dataclass(frozen=True)
class FieldType:
    """The type of one field: str, bool, int, timedelta, datetime, tuple, or the dataclass of a section."""

    of: type
    words: frozenset[str] = frozenset()  # what a text may be; empty: anything
    item: "FieldType | None" = None  # of a tuple


@cache
def fields_of(section: type) -> Mapping[str, FieldType]:
    """The fields of a dataclass of `rules.facts`, by name; none of any other type."""
    hints = get_type_hints(section, include_extras=True)
    return {name: _field_type(hint) for name, hint in hints.items()}


def field_at(path: Iterable[str], root: type) -> FieldType | None:
    """The field that dotted names lead to from the dataclass `root`; None where there is none."""
    found = FieldType(root)
    for name in path:
        field = fields_of(found.of).get(name)
        if field is None:
            return None
        found = field
    return found


def nearest(word: str, names: Iterable[str]) -> str:
    """The one of `names` (at least one) that looks most like `word`."""
    return max(sorted(names), key=lambda name: SequenceMatcher(None, word, name).ratio())


def _field_type(hint: Any) -> FieldType:
    if get_origin(hint) is Annotated:
        bare, *extras = get_args(hint)
        words = [extra.words for extra in extras if isinstance(extra, OneOf)]
        return replace(_field_type(bare), words=frozenset().union(*words))
    if get_origin(hint) is tuple:
        return FieldType(tuple, item=_field_type(get_args(hint)[0]))
    return FieldType(hint)
