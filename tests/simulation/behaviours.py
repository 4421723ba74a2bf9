"""What people do once they have filed, and how their tickets must end: ten behaviours and a few kinds of them.

A behaviour is a generator: it gives a span of time to let pass, or the name of an event to wait for, and then acts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.teamdynamix import TeamDynamix
from connectors.sandbox.world import Sandbox
from tests.rig import DUO_MOBILE, SECURITY_KEY, Filed, Rig

APP, KEY = "never_activated", "personal_address"
"""The kinds of people: one gets the activation link as a text, the other a code by way of the second address."""
DELIVERED, AGAIN, REMINDED = "request_delivered", "given_again", "reminded"
TECHNICIAN = "technician.tom"
LINK = re.compile(r"https://localhost:\d+/p/\S+")

Step = timedelta | str


@dataclass(frozen=True)
class Story:
    """How a ticket ended, and what was sent for it until then, as seen from outside."""

    ticket: str  # how it stands at the help site
    state: str
    how: str  # how it ended, else the row that held it
    texts: int = 0
    codes: int = 0
    link_mails: int = 0
    access_mails: int = 0
    device_mails: int = 0
    warnings: int = 0
    reminders: int = 0


@dataclass
class Life:
    """One person, what they have filed, and the world they act in."""

    rig: Rig
    person: Person
    chance: Random
    filed: list[Filed] = field(default_factory=list)

    @property
    def sandbox(self) -> Sandbox:
        return self.rig.sandbox

    @property
    def site(self) -> ServiceNow | TeamDynamix:
        """Where they file."""
        return self.rig.site

    @property
    def ticket(self) -> str:
        """The number of the first one."""
        return self.filed[0].task.number

    def file(self) -> None:
        answers = {
            "device_type": SECURITY_KEY if self.person.kind == KEY else DUO_MOBILE,
            "mobile_number": "",
            "phone_os": "Android",
            "preferred_method": "",
        }
        self.filed.append(self.site.file_request(self.person, answers))

    def minutes(self, least: int, most: int) -> timedelta:
        """Some time between the two."""
        return timedelta(seconds=self.chance.randint(least * 60, most * 60))

    def activate(self) -> None:
        """Tap the link in the latest text."""
        assert self.sandbox.duo.activate(self.person.user_name, self.person.number), "the link is dead"

    def type_code(self) -> None:
        """Open the mailed link, type the passphrase from the ticket, and the code at a prompt."""
        mails = self.sandbox.mail.for_address(self.person.personal_email)
        (link,) = [found.group() for mail in mails if (found := LINK.search(mail.plain))]
        code = self.sandbox.password_pusher.open(link, self.rig.passphrase(self.filed[0])).payload
        assert self.sandbox.duo.use_code(self.person.user_name, code), "the code is dead"

    def touch_key(self) -> None:
        self.sandbox.duo.register_key(self.person.user_name)


@dataclass(frozen=True)
class Behaviour:
    """`ends` has one story a ticket, in the order in which they were filed."""

    name: str
    kind: str
    live: Callable[[Life], Iterator[Step]]
    ends: tuple[Story, ...]


def taps_at_once(life: Life) -> Iterator[Step]:
    yield DELIVERED
    yield life.minutes(3, 50)
    life.activate()


def touches_key_at_once(life: Life) -> Iterator[Step]:
    yield DELIVERED
    yield life.minutes(3, 200)
    life.type_code()
    life.touch_key()


def types_it_at_the_wrong_prompt(life: Life) -> Iterator[Step]:
    """The code lets them log in, and nothing is added."""
    yield DELIVERED
    yield life.minutes(3, 200)
    life.type_code()


def never_reacts(_life: Life) -> Iterator[Step]:
    yield from ()


def comments(life: Life) -> Iterator[Step]:
    yield DELIVERED
    yield life.minutes(3, 200)
    life.site.comment(life.ticket, life.person.user_name, "It says something else here.")


def waits_for_the_reminder(life: Life) -> Iterator[Step]:
    yield REMINDED
    yield life.minutes(3, 90)
    life.type_code()
    life.touch_key()


def lets_the_first_link_lapse(life: Life) -> Iterator[Step]:
    yield AGAIN
    yield DELIVERED
    yield life.minutes(3, 50)
    life.activate()


def adds_a_second_factor(life: Life) -> Iterator[Step]:
    """A key, and then the phone as well, with one code."""
    yield DELIVERED
    yield life.minutes(3, 200)
    life.type_code()
    life.touch_key()
    assert life.sandbox.duo.add_phone(life.person.user_name, life.person.number)


def closes_the_ticket(life: Life) -> Iterator[Step]:
    yield DELIVERED
    yield life.minutes(3, 200)
    life.site.close(life.ticket, life.person.user_name)


def enrols_and_closes_the_ticket(life: Life) -> Iterator[Step]:
    """So quickly that no check lies between."""
    yield DELIVERED
    yield life.minutes(3, 200)
    life.type_code()
    life.touch_key()
    life.site.close(life.ticket, life.person.user_name)


def is_served_by_a_technician(life: Life) -> Iterator[Step]:
    """Who takes the ticket, and closes it two days later."""
    yield DELIVERED
    yield life.minutes(3, 200)
    life.site.assign(life.ticket, TECHNICIAN)
    yield timedelta(days=2)
    life.site.close(life.ticket, TECHNICIAN)


def files_twice(life: Life) -> Iterator[Step]:
    yield DELIVERED
    yield life.minutes(3, 60)
    life.file()
    yield life.minutes(3, 60)
    life.type_code()
    life.touch_key()


TEXTED: dict[str, Any] = {"texts": 1, "access_mails": 1}
MAILED: dict[str, Any] = {"codes": 1, "link_mails": 1, "access_mails": 1}
ENROLLED = ("resolved", "closed", "enrolled")
GIVEN_UP = ("open", "held", "given up")
CLOSED = ("resolved", "closed", "closed by a person")

BEHAVIOURS = (
    Behaviour("enrols at once, by app", APP, taps_at_once, (Story(*ENROLLED, **TEXTED, device_mails=1),)),
    Behaviour("enrols at once, by key", KEY, touches_key_at_once, (Story(*ENROLLED, **MAILED, device_mails=2),)),
    Behaviour("uses the code at the wrong prompt", KEY, types_it_at_the_wrong_prompt,
              (Story("open", "held", "code-used-nothing-added", **MAILED, warnings=3),)),
    Behaviour("never reacts to a text", APP, never_reacts, (Story(*GIVEN_UP, texts=2, access_mails=2, reminders=1),)),
    Behaviour("never reacts to a mail", KEY, never_reacts, (Story(*GIVEN_UP, **MAILED, reminders=1),)),
    Behaviour("comments", KEY, comments, (Story("open", "held", "person-commented", **MAILED),)),
    Behaviour("enrols after the reminder", KEY, waits_for_the_reminder,
              (Story(*ENROLLED, **MAILED, device_mails=2, reminders=1),)),
    Behaviour("enrols with the second text", APP, lets_the_first_link_lapse,
              (Story(*ENROLLED, texts=2, access_mails=2, device_mails=1),)),
    Behaviour("enrols a second factor", KEY, adds_a_second_factor,
              (Story("open", "held", "more-than-one-factor", **MAILED, device_mails=2),)),
    Behaviour("closes the own ticket", KEY, closes_the_ticket, (Story(*CLOSED, **MAILED),)),
    Behaviour("enrols and closes the own ticket", KEY, enrols_and_closes_the_ticket,
              (Story(*CLOSED, **MAILED, device_mails=2),)),
    Behaviour("is taken over by a technician", KEY, is_served_by_a_technician, (Story(*CLOSED, **MAILED),)),
    Behaviour("files twice", KEY, files_twice,
              (Story(*ENROLLED, **MAILED, device_mails=2), Story("resolved", "closed", "enrolled elsewhere"))),
)  # fmt: skip
