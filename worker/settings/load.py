"""From a file and the environment to `Settings`, or one sentence that says why not."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.settings.conflicts import conflicts
from worker.settings.errors import ConfigError
from worker.settings.overrides import Keys, overridden
from worker.settings.sentence import sentence
from worker.settings.settings import Settings, paths


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The configuration in `path`, overridden by `environ`, with every file that it names known to be there.

    Secrets themselves are not read: see `read_secret`.

    Raises:
        ConfigError: It can't be used; the one sentence says which file and key, and the cure.
    """
    tables, given = overridden(_tables(path), environ)
    settings = _validated(tables, given, path)
    for table, key, rest in conflicts(settings):
        raise ConfigError(f"{_named((table, key), given, path)} {rest}.")
    for table, key, named in paths(settings):
        _check_readable(named, f"{_named((table, key), given, path)}", folder=key == "texts")
    return settings


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path} isn't there; name another with --config or DUO_WORKER_CONFIG, or begin with config.example.toml."
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); let the worker's account read it.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is no UTF-8 text; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no valid TOML: {error}.") from error


def _validated(tables: dict[str, Any], given: Mapping[Keys, str], path: Path) -> Settings:
    everything = {name: {} for name in Settings.model_fields} | tables  # a missing table is missing its keys
    try:
        return Settings.model_validate(everything, context={"folder": path.absolute().parent})
    except ValidationError as error:
        raise ConfigError(sentence(error, path, given)) from None  # the chained error would print the values


def _named(keys: Keys, given: Mapping[Keys, str], path: Path) -> str:
    return f"{given[keys]} in the environment" if keys in given else f"{path}: [{keys[0]}] {keys[1]}"


def _check_readable(named: Path, key: str, *, folder: bool) -> None:
    kind = "folder" if folder else "file"
    if not (named.is_dir() if folder else named.is_file()):
        raise ConfigError(f"{key} names the {kind} {named}, which isn't there; make it or mend the path.")
    if not os.access(named, os.R_OK):
        raise ConfigError(f"{key} names the {kind} {named}, which can't be read; let the worker's account read it.")
