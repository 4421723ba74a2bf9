"""Secrets are read from their files at the moment they are needed, and nowhere else."""

import stat
from pathlib import Path

from connectors.secret import Secret
from worker.settings.errors import ConfigError


def read_secret(path: Path) -> Secret:
    """What is in the file, less one trailing line break.

    Raises:
        ConfigError: It is empty, no text, or can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); let the worker's account read it.") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is no UTF-8 text; write the secret into it again.") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise ConfigError(f"{path} is empty; write the secret into it.")
    return Secret(text)


def others_can_read(path: Path) -> bool:
    """Whether accounts other than the owner may read the file: worth a warning."""
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
