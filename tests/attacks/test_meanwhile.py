"""People act on a ticket while the worker does, just before any of its calls: they win, and nothing is left over.

What the worker sees of it is at most a minute old: the step under way may still be done (docs/known-limits.md).
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pytest

from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.acts.filing import Filed
from tests.attacks.district import ATTACKERS_NUMBER, District
from tests.attacks.test_restored_ledger import STORIES, Story

SYSTEMS: Final = ("servicenow", "duo", "password_pusher")
TECHNICIAN: Final = "technician.tom"
SAMPLE: Final = 1

Moment = tuple[str, int]
"""A system, and the how many-th call to it."""


@dataclass(frozen=True)
class Act:
    """What somebody does on the ticket; the last is another person, where it is about one."""

    name: str
    do: Callable[[District, Filed, Person], object]

    def __str__(self) -> str:
        return self.name


def edit_person(town: District, filed: Filed, other: Person) -> None:
    for record in (filed.request.number, filed.item.number):
        town.sandbox.servicenow.set_fields(record, TECHNICIAN, requested_for=town.ids[other.user_name])


ACTS: Final = (
    Act("takes", lambda town, filed, _: town.sandbox.servicenow.assign(filed.task.number, TECHNICIAN)),
    Act("closes", lambda town, filed, _: town.sandbox.servicenow.close(filed.task.number, TECHNICIAN)),
    Act("cancels", lambda town, filed, _: town.sandbox.servicenow.cancel(filed.item.number, TECHNICIAN)),
    Act("edits the number", lambda town, filed, _: town.sandbox.servicenow.edit_answer(
        filed.item.number, "mobile_number", ATTACKERS_NUMBER
    )),
    Act("edits the person", edit_person),
)  # fmt: skip


@dataclass
class Run:
    """One story with one act just before one call, and who there is."""

    town: District
    story: Story
    act: Act
    moment: Moment
    was_ours: bool = False  # the worker's `take` was on the ticket when somebody acted

    def wrong(self) -> Iterator[str]:
        """Play it; whatever is wrong afterwards."""
        town = self.town
        town.begin()
        other = town.person("no_phone")
        person, filed = self.story.begin(town)
        system, nth = self.moment
        town.sandbox.faults.set(Rule(system, "meanwhile", nth=nth, before=lambda: self._act(filed, other)))
        town.once()
        assert len(town.sandbox.faults.met) == 1, "nobody acted"
        town.sandbox.faults.set()
        town.once()
        yield from self._given_wrongly(person, other)
        yield from self._ends_wrongly(filed)
        town.once(after=timedelta(hours=9))
        if town.alive()["codes"]:
            yield "a code outlives its time"

    def _act(self, filed: Filed, other: Person) -> None:
        self.was_ours = "Taken." in self.town.notes(filed)
        self.act.do(self.town, filed, other)

    def _given_wrongly(self, person: Person, other: Person) -> Iterator[str]:
        town, given = self.town, self.town.given()
        if max(given.codes, len(given.links), len(given.enrollment_mails), len(given.texts)) > 1:
            yield f"something was given twice: {given}"
        if set(given.texts) - {person.number}:
            yield f"texts to {given.texts}"
        if set(given.links) - {person.email, person.personal_email}:
            yield f"links to {given.links}"
        if set(given.changed) - {person.user_name}:
            yield f"Duo records changed: {given.changed}"
        if town.sandbox.duo.codes(other.user_name) or town.sandbox.mail.for_address(other.email):
            yield "somebody else got something"
        if town.sandbox.duo.phone(ATTACKERS_NUMBER) is not None:
            yield "the edited number is in Duo"

    def _ends_wrongly(self, filed: Filed) -> Iterator[str]:
        match self.act.name:
            case "closes" | "cancels":
                yield from self._closed_wrongly(filed)
            case "takes" if self.was_ours and self.town.ticket(filed)["assigned_to"] != TECHNICIAN:
                yield "the technician lost it"
            case "takes" if self.town.is_known(filed) and self.town.outcome(filed)[0] == "held" and self.town.alive():
                yield f"alive although the worker stepped back: {self.town.alive()}"

    def _closed_wrongly(self, filed: Filed) -> Iterator[str]:
        town = self.town
        if town.alive():
            yield f"alive after the ticket was closed: {town.alive()}"
        if town.sandbox.servicenow.row(filed.task.number)["u_passphrase"]:
            yield "the passphrase stands on a closed ticket"
        if town.is_known(filed) and town.outcome(filed)[0] != "closed":
            yield f"the ledger has it as {town.outcome(filed)}"


def moments(town: District, story: Story) -> list[Moment]:
    """Every call of a clean run, from the one on that reads the ticket."""
    story.begin(town)
    town.once()
    return [(system, nth) for system in SYSTEMS for nth in range(1, len(town.sandbox.calls.select(system)) + 1)]


def told(town: District, story: Story, act: Act, some: list[Moment]) -> str:
    return "\n".join(
        f"{system}'s call {nth}: {what}"
        for system, nth in some
        for what in Run(town, story, act, (system, nth)).wrong()
    )


@pytest.mark.parametrize("act", ACTS, ids=str)
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_whoever_acts_meanwhile_wins_and_nothing_is_left_over(town: District, story: Story, act: Act) -> None:
    some = random.Random(f"{story} {act}").sample(moments(town, story), SAMPLE)
    assert not (wrong := told(town, story, act, some)), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("act", ACTS, ids=str)
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_whoever_acts_before_any_call_at_all_wins(town: District, story: Story, act: Act) -> None:
    assert not (wrong := told(town, story, act, moments(town, story))), wrong
