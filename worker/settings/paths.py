"""Paths in the configuration: they count from the folder of its own file."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo


def in_folder(value: object, info: ValidationInfo) -> object:
    """The path that a configured text names; `None` for an empty one. The folder comes with the context."""
    if value == "" or not isinstance(value, str | Path):
        return None if value == "" else value
    if "\0" in str(value):
        raise ValueError("must be a path")
    return folder_of(info) / value


def folder_of(info: ValidationInfo) -> Path:
    """The folder that relative paths count from."""
    folder = (info.context or {}).get("folder", Path())
    return Path(folder)


def named(value: object) -> object:
    """Refuses an empty text where a file has to be named."""
    if value is None:
        raise ValueError("must name a file")
    return value


def _text(value: Path | None) -> str:
    return "" if value is None else str(value)


OptionalPath = Annotated[Path | None, BeforeValidator(in_folder), PlainSerializer(_text, return_type=str)]
# Validators before the type run from the last to the first.
FilePath = Annotated[Path, BeforeValidator(named), BeforeValidator(in_folder), PlainSerializer(_text, return_type=str)]
