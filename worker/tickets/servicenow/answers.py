"""The form's answers under our names; one that can't be used is left empty and named, without being repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from connectors.servicenow.table import Row
from rules.phone_number import PhoneNumber, parse
from worker.tickets.servicenow.settings import TicketSettings
from worker.tickets.ticket import Answers
from worker.tickets.words import DEVICES, PHONES, PREFERENCES

_Word = TypeVar("_Word", bound=str)


def read_answers(row: Row, prefix: str, settings: TicketSettings) -> tuple[Answers, tuple[str, ...]]:
    """The answers, and a sentence for each that can't be used; `prefix` leads to the item's fields."""
    form, names = _Form(row, f"{prefix}variables."), settings.variables
    answers = Answers(
        device=form.word(names.device, DEVICES, settings.choices.get("device", {})),
        phone_number=form.number(names.phone_number, settings.phone_regions),
        phone_os=form.word(names.phone_os, PHONES, settings.choices.get("phone_os", {})),
        preferred=form.word(names.preferred, PREFERENCES, settings.choices.get("preferred", {})),
    )
    return answers, tuple(form.problems)


@dataclass
class _Form:
    """The variables of one row, and what is wrong with those read so far."""

    row: Row
    prefix: str
    problems: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """One answer; empty where the form doesn't ask or nothing was answered."""
        if not name:
            return ""
        value = self.row.get(f"{self.prefix}{name}")
        if value is None:
            self.problems.append(f"the form's answer {name} can't be read")
            return ""
        return value.strip()

    def word(self, name: str, words: Mapping[str, _Word], choices: Mapping[str, str]) -> _Word | Literal[""]:
        """One answer as our word for it; `choices` are their words for ours, `words` those that need none."""
        text = self.text(name).casefold()
        if not text:
            return ""
        theirs = {choice.casefold(): words[ours] for choice, ours in choices.items() if ours in words}
        ours = {**words, **theirs}.get(text)
        if ours is None:
            self.problems.append(f"the form's answer {name} is none of the choices that are set up")
            return ""
        return ours

    def number(self, name: str, regions: tuple[str, ...]) -> str:
        """One answer as a phone number in E.164."""
        text = self.text(name)
        if not text:
            return ""
        match parse(text, regions):
            case PhoneNumber(e164=number):
                return number
            case problem:
                self.problems.append(problem.reason)
                return ""
