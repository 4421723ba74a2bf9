"""Lists in a policy may arrive as arrays or as one text with commas (§9; a switch)."""

from collections.abc import Sequence


def as_told(words: Sequence[str], *, as_text: bool) -> object:
    """The list in the form of this account."""
    return ",".join(words) if as_text else list(words)
