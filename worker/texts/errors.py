"""What is wrong with a text template, in one sentence for the person who wrote it."""


class TextError(Exception):
    """A template or the table of OS floors can't be used: as a configuration error, exit 2."""
