"""What people read: templates as data, and the values that fill them."""

from worker.settings.support import Support
from worker.texts.context import TextContext
from worker.texts.errors import TextError
from worker.texts.floor import parse
from worker.texts.templates import replaced
from worker.texts.texts import MailText, Texts
from worker.texts.words import masked

__all__ = ["MailText", "TextContext", "TextError", "Texts", "load", "masked"]

FLOORS = "os_floor.toml"


def load(support: Support) -> Texts:
    """The texts of an installation, as `[support]` has them.

    Raises:
        TextError: A template or the table of OS floors can't be used.
    """
    return Texts(support.texts, support, parse(replaced(support.texts, FLOORS), FLOORS))
