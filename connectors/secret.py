"""A value that must not be shown: a bypass code, a passphrase, a token, a password."""

from typing import final


@final
class Secret:
    """Holds a text and prints as `<secret>`, whatever prints it. Only `reveal()` gives the text.

    Can't be pickled or copied into JSON by accident; compares by identity so that nothing else tells about it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; call it at the last moment, in the call that sends it."""
        return self._text

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "<secret>"

    def __reduce__(self) -> str:
        raise TypeError("a secret can't be pickled")
