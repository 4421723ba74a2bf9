"""What people read: templates as data, and the values that fill them."""

from functools import lru_cache

from worker.settings.support import Support
from worker.texts.context import TextContext
from worker.texts.errors import TextError
from worker.texts.floor import parse
from worker.texts.templates import replaced, sources
from worker.texts.texts import MailText, Texts
from worker.texts.words import masked

__all__ = ["MailText", "TextContext", "TextError", "Texts", "load", "masked"]

FLOORS = "os_floor.toml"


def load(support: Support) -> Texts:
    """The texts of an installation, as `[support]` has them.

    Raises:
        TextError: A template or the table of OS floors can't be used.
    """
    return _proof_read(tuple(sources(support.texts).items()), replaced(support.texts, FLOORS), support)


@lru_cache(maxsize=4)  # the same content is proof-read once in a process, which takes a third of a second
def _proof_read(found: tuple[tuple[str, str], ...], floors: str, support: Support) -> Texts:
    return Texts(dict(found), support, parse(floors, FLOORS))
