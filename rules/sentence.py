"""A sentence of a table that may name facts: "their group {user.inactive_group} isn't active"."""

import re
from datetime import timedelta
from operator import attrgetter

from rules.facts import Facts
from rules.fields import field_at
from rules.shown import worded

_NAME = re.compile(r"\{([^{}]*)\}")
_SHOWABLE = (str, bool, int, timedelta)


class SentenceRefused(Exception):
    """A sentence that can't be filled; the text says why."""


class Sentence:
    """Text with `{dotted.fact}` in it, for people to read.

    Raises:
        SentenceRefused: What stands in braces isn't a text, number, duration or yes-or-no among the facts.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        for name in _NAME.findall(text):
            field = field_at(name.split("."), Facts)
            if field is None or field.of not in _SHOWABLE:
                raise SentenceRefused(f"`{{{name}}}` is no fact that a sentence can show")

    def filled(self, facts: Facts) -> str:
        return _NAME.sub(lambda match: worded(attrgetter(match[1])(facts)), self.text)
