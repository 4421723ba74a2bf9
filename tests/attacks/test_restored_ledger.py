"""The ledger is put back to an earlier moment, after the world has gone on: what was given isn't given once more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest

from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.acts.filing import Filed
from tests.attacks.district import MINUTE, District, Given
from tests.rig import DUO_MOBILE, SECURITY_KEY
from worker.brakes import pause, resume

LATER: Final = (MINUTE, timedelta(hours=9))
WRITES: Final = (("servicenow", "PATCH"), ("duo", "POST"), ("password_pusher", "POST"))


@dataclass(frozen=True)
class Story:
    """A request and what proves it."""

    name: str
    kind: str
    answers: tuple[tuple[str, Any], ...] = ()
    number: bool = False
    verified: bool = False

    def __str__(self) -> str:
        return self.name

    def begin(self, town: District) -> tuple[Person, Filed]:
        person = town.person(self.kind)
        if self.number:
            town.sandbox.servicenow.set_user(person.user_name, u_hr_phone=person.number)
        filed = town.file(person, number=person.number if self.number else "", **dict(self.answers))
        if self.verified:
            town.verify(filed)
        return person, filed


STORIES: Final = (
    Story("a link is texted", "never_activated"),
    Story("a code is mailed", "never_logged_in", (("preferred", "bypass_code"),), verified=True),
    Story("a key's code", "personal_address", (("device", SECURITY_KEY),)),
    Story("a phone is added", "no_phone", (("device", DUO_MOBILE),), number=True),
    Story("an enrolment mail", "no_phone", (("device", SECURITY_KEY), ("preferred", "enrollment_link")), verified=True),
)


def goes_on(town: District) -> Given:
    """Passes of the worker, some hours apart; what was given by their end."""
    for span in LATER:
        town.once(after=span)
    return town.given()


def comparable(given: Given) -> Given:
    """Taking back is no gift: a phone that is off the record again doesn't count as a change."""
    return Given(given.codes, given.texts, given.enrollment_mails, given.links)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_back_up_of_any_moment_of_the_delivery_gives_nothing_again(town: District, story: Story) -> None:
    story.begin(town)
    town.once()
    writes = [(system, method, len(town.sandbox.calls.select(system, method))) for system, method in WRITES]
    for system, method, nth in [
        (system, method, nth) for system, method, count in writes for nth in range(1, count + 1)
    ]:
        town.begin()
        story.begin(town)
        town.sandbox.faults.set(Rule(system, "meanwhile", method=method, nth=nth, before=town.save_ledger))
        town.once()
        given = comparable(town.given())
        assert given != Given(), "it was served"
        town.restore_ledger()
        assert comparable(goes_on(town)) == given, f"a back-up of {system}'s {method} {nth}"


def delivered_only(_town: District, _person: Person, _filed: Filed) -> None:
    """Nobody does anything."""


def enrolled(town: District, person: Person, _filed: Filed) -> None:
    for code in town.sandbox.duo.codes(person.user_name):
        town.sandbox.duo.use_code(person.user_name, code.digits)
    town.sandbox.duo.register_key(person.user_name)
    town.once(after=11 * MINUTE)


def closed(town: District, _person: Person, filed: Filed) -> None:
    town.sandbox.servicenow.close(filed.task.number, "technician.tom")
    town.once()


def revoked(town: District, _person: Person, filed: Filed) -> None:
    town.sandbox.servicenow.work_note(filed.task.number, "desk.dana", "#revoke")
    town.once()


def given_up(town: District, _person: Person, _filed: Filed) -> None:
    for _ in range(9):
        town.once(after=timedelta(days=1))


World = Callable[[District, Person, Filed], None]
FILED, HELD, DECIDED, DELIVERED = (
    "before it was filed",
    "while it was held",
    "when it was decided",
    "after the delivery",
)
WENT_ON: Final[tuple[tuple[str, World], ...]] = (
    (FILED, delivered_only),
    (HELD, delivered_only),
    (DECIDED, delivered_only),
    (DELIVERED, delivered_only),
    (HELD, enrolled),
    (DELIVERED, enrolled),
    (DECIDED, closed),
    (DELIVERED, closed),
    (HELD, revoked),
    (DELIVERED, revoked),
    (DECIDED, given_up),
)


@pytest.mark.parametrize(("when", "world"), WENT_ON, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_however_the_world_went_on_nothing_is_given_again(town: District, when: str, world: World) -> None:
    person = town.person("no_phone")
    town.save_ledger()
    filed = town.file(person, device=SECURITY_KEY)
    if when == HELD:
        town.once()
        town.save_ledger()
    town.verify(filed)
    if when == DECIDED:
        pause(town.stage.ledger, town.stage.clock(), everything=False, why="a test")
        town.once()
        resume(town.stage.ledger, town.stage.clock())
        town.save_ledger()
    town.once()
    if when == DELIVERED:
        town.save_ledger()
    assert town.given().codes == 1
    world(town, person, filed)
    given = comparable(town.given())
    town.restore_ledger()
    assert comparable(goes_on(town)) == given
    assert town.alive()["codes"] == 0, "none outlives its eight hours"


def test_a_restored_ledger_that_staff_have_looked_at_serves_again_when_they_say_so(town: District) -> None:
    filed = town.file(town.person("never_activated"))
    town.save_ledger()
    town.once()
    town.restore_ledger()
    town.once()
    assert town.outcome(filed) == ("held", "unknown-marker")
    assert "back-up" in town.notes(filed)
    town.sandbox.servicenow.assign(filed.task.number, "duo.worker", by="technician.tom")
    town.once()
    assert town.outcome(filed)[0] == "awaiting"


def test_the_lost_time_is_no_time_without_limits(town: District) -> None:
    """What the back-up doesn't know of can't be counted; but what is on the ticket is seen, and nothing is repeated."""
    person = town.person("personal_address")
    town.save_ledger()
    first = town.file(person, device=SECURITY_KEY)
    town.once()
    town.restore_ledger()
    second = town.file(person, device=SECURITY_KEY)
    town.once()
    states = sorted(town.outcome(filed) for filed in (first, second))
    assert states[0][0] == "awaiting"
    assert town.given().codes == 2
    assert set(town.given().links) == {person.personal_email}
