"""What is wrong with a configuration, in one sentence for the operator who has to mend it."""

from collections.abc import Iterable
from difflib import get_close_matches


class ConfigError(Exception):
    """The configuration can't be used: exit 2. The text is one sentence naming file, key and cure, and no value."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """The valid name that `name` was probably meant to be, as the end of a sentence; else all of them."""
    names = sorted(valid)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    return f"the nearest is {close[0]}" if close else f"valid are: {', '.join(names)}"
