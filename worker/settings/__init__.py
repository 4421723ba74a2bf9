"""The configuration: one file for each of its tables, `load` to read it."""

from worker.settings.errors import ConfigError
from worker.settings.load import load
from worker.settings.secret_files import others_can_read, read_secret
from worker.settings.settings import Settings, secret_files

__all__ = ["ConfigError", "Settings", "load", "others_can_read", "read_secret", "secret_files"]
