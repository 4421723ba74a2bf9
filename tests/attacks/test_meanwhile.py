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
from tests.attacks.district import ATTACKERS_NUMBER, MINUTE, District
from tests.attacks.test_restored_ledger import STORIES, Story

SYSTEMS: Final = ("servicenow", "duo", "password_pusher")
TECHNICIAN: Final = "technician.tom"
SAMPLE: Final = 4


@dataclass(frozen=True)
class Act:
    """What somebody does on the ticket; `of` another person where it is about one."""

    name: str
    do: Callable[[District, Filed, Person], None]

    def __str__(self) -> str:
        return self.name


def take(town: District, filed: Filed, _other: Person) -> None:
    town.sandbox.servicenow.assign(filed.task.number, TECHNICIAN)


def close(town: District, filed: Filed, _other: Person) -> None:
    town.sandbox.servicenow.close(filed.task.number, TECHNICIAN)


def cancel(town: District, filed: Filed, _other: Person) -> None:
    town.sandbox.servicenow.cancel(filed.item.number, TECHNICIAN)


def edit_number(town: District, filed: Filed, _other: Person) -> None:
    town.sandbox.servicenow.edit_answer(filed.item.number, "mobile_number", ATTACKERS_NUMBER)


def edit_person(town: District, filed: Filed, other: Person) -> None:
    for record in (filed.request.number, filed.item.number):
        town.sandbox.servicenow.set_fields(record, TECHNICIAN, requested_for=town.ids[other.user_name])


ACTS: Final = (
    Act("takes it", take),
    Act("closes it", close),
    Act("cancels it", cancel),
    Act("edits the number", edit_number),
    Act("edits the person", edit_person),
)


def moments(town: District, story: Story) -> list[tuple[str, int]]:
    """Every call of a clean run, as a system and the how many-th to it."""
    story.begin(town)
    town.once()
    return [(system, nth) for system in SYSTEMS for nth in range(1, len(town.sandbox.calls.select(system)) + 1)]


def play(town: District, story: Story, act: Act, system: str, nth: int) -> Iterator[str]:
    """One run; what is wrong afterwards."""
    town.begin()
    other = town.person("no_phone")
    person, filed = story.begin(town)
    done: list[str] = []

    def meanwhile() -> None:
        act.do(town, filed, other)
        done.append(str(town.ticket(filed)["assigned_to"]))

    town.sandbox.faults.set(Rule(system, "meanwhile", nth=nth, before=meanwhile))
    town.once()
    town.sandbox.faults.set()
    town.once()
    town.once()
    yield from _given_wrongly(town, person, other)
    yield from ENDS[act.name](town, filed)
    town.once(after=timedelta(hours=9))
    if town.alive()["codes"]:
        yield "a code outlives its time"
    if not done:
        yield "nobody did anything"


def _given_wrongly(town: District, person: Person, other: Person) -> Iterator[str]:
    given = town.given()
    if given.codes > 1 or len(given.links) > 1 or len(given.enrollment_mails) > 1 or len(given.texts) > 1:
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


def _closed(town: District, filed: Filed) -> Iterator[str]:
    if town.alive():
        yield f"alive after the ticket was closed: {town.alive()}"
    if town.sandbox.servicenow.row(filed.task.number)["u_passphrase"]:
        yield "the passphrase stands on a closed ticket"
    if town.is_known(filed) and town.outcome(filed)[0] != "closed":
        yield f"the ledger has it as {town.outcome(filed)}"
    if town.ticket(filed)["active"] != "false":
        yield f"the ticket is open again: {town.ticket(filed)['state']}"


def _taken(town: District, filed: Filed) -> Iterator[str]:
    if town.ticket(filed)["assigned_to"] != TECHNICIAN:
        yield f"the technician lost it to {town.ticket(filed)['assigned_to'] or 'nobody'}"
    if town.is_known(filed) and town.outcome(filed)[0] == "held" and town.alive():
        yield f"alive beside a technician: {town.alive()}"


def _edited(_town: District, _filed: Filed) -> Iterator[str]:
    yield from ()


ENDS: Final = {
    "takes it": _taken,
    "closes it": _closed,
    "cancels it": _closed,
    "edits the number": _edited,
    "edits the person": _edited,
}


@pytest.mark.parametrize("act", ACTS, ids=str)
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_whoever_acts_meanwhile_wins_and_nothing_is_left_over(town: District, story: Story, act: Act) -> None:
    wrong = [
        f"{system}'s call {nth}: {what}"
        for system, nth in moments(town, story)
        for what in play(town, story, act, system, nth)
    ]
    assert not wrong, "\n".join(wrong)
