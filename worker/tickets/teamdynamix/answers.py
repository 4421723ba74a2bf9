"""The form's answers under our names; one that can't be used is left empty and named, without being repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from connectors.teamdynamix.tickets import Attribute
from rules.phone_number import PhoneNumber, parse
from worker.tickets.teamdynamix.settings import Attributes, TicketSettings
from worker.tickets.ticket import Answers
from worker.tickets.words import DEVICES, PHONES, PREFERENCES

_Word = TypeVar("_Word", bound=str)


def read_answers(
    given: Mapping[int, Attribute], ids: Attributes, settings: TicketSettings
) -> tuple[Answers, tuple[str, ...]]:
    """The answers, and a sentence for each that can't be used."""
    form = _Form(given)
    answers = Answers(
        device=form.word("device", ids.device, DEVICES, settings.choices.get("device", {})),
        phone_number=form.number(ids.phone_number, settings.phone_regions),
        phone_os=form.word("phone_os", ids.phone_os, PHONES, settings.choices.get("phone_os", {})),
        preferred=form.word("preferred", ids.preferred, PREFERENCES, settings.choices.get("preferred", {})),
    )
    return answers, tuple(form.problems)


@dataclass
class _Form:
    """The attributes of one ticket, and what is wrong with those read so far. An empty one may be absent."""

    given: Mapping[int, Attribute]
    problems: list[str] = field(default_factory=list)

    def word(
        self, name: str, attribute_id: int, words: Mapping[str, _Word], choices: Mapping[str, str]
    ) -> _Word | Literal[""]:
        """One answer as our word for it, told by the choice's label or id."""
        answer = self.given.get(attribute_id)
        if answer is None or not answer.value:
            return ""
        theirs = {choice.casefold(): words[ours] for choice, ours in choices.items() if ours in words}
        known = {**words, **theirs}
        for text in (answer.choice.casefold(), answer.value.casefold()):
            if text in known:
                return known[text]
        self.problems.append(f"the form's answer {name} is none of the choices that are set up")
        return ""

    def number(self, attribute_id: int, regions: tuple[str, ...]) -> str:
        """One answer as a phone number in E.164."""
        answer = self.given.get(attribute_id)
        if answer is None or not answer.value:
            return ""
        match parse(answer.value, regions):
            case PhoneNumber(e164=number):
                return number
            case problem:
                self.problems.append(problem.reason)
                return ""
