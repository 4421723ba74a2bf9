"""What people do with one request, from filing it to its end: one story for every option and every way out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from connectors.sandbox.people import AREA_CODES, DISTRICT, KINDS, DuoPhone, Person
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.teamdynamix import TeamDynamix
from connectors.sandbox.world import Sandbox
from tests.rig import DUO_MOBILE, IDENTITY, SECURITY_KEY, STATES, Filed, System
from worker.ledger.database import Ledger

FIRST_NUMBER: Final = 1000
MINUTE: Final = timedelta(minutes=1)
TECHNICIAN: Final = "technician.tom"


class Time(Protocol):
    """A clock that can be moved on."""

    def __call__(self) -> datetime: ...

    def pass_(self, span: timedelta) -> None: ...


class Place(Protocol):
    """Where a story is played: a sandbox, a clock, the ledger of the worker on it, and the tickets so far."""

    @property
    def sandbox(self) -> Sandbox: ...

    @property
    def clock(self) -> Time: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def tickets(self) -> list[str]: ...

    @property
    def system(self) -> System: ...


class Row(NamedTuple):
    """A ticket in our words; `passphrase` is what its field holds."""

    state: str
    assigned_to: str
    passphrase: str


@dataclass
class Scene:
    """One request with its people, somewhere. `agents_code` is one that the help desk had made before."""

    story: "Story"
    stage: Place
    person: Person
    filed: Filed
    agents_code: str
    began: datetime
    bystander: object = None

    def __post_init__(self) -> None:
        self.bystander = self._bystander()

    @property
    def sandbox(self) -> Sandbox:
        return self.stage.sandbox

    @property
    def site(self) -> ServiceNow | TeamDynamix:
        """Where the request was filed."""
        return self.sandbox.help_site(self.stage.system)

    def row(self) -> Row:
        """How the ticket stands now."""
        found = self.site.ticket(self.filed.task.number)
        state = str(found["state"])
        return Row(STATES.get(state, state), str(found["assigned_to"]), str(found.get("u_passphrase", "")))

    def do(self, act: "Act") -> None:
        """What somebody does, a minute later."""
        self.stage.clock.pass_(MINUTE)
        act(self)

    def bystander_changed(self) -> bool:
        """Whether somebody who has asked for nothing is in Duo as they weren't before."""
        return self.bystander != self._bystander()

    @property
    def dead_phones(self) -> tuple[DuoPhone, ...]:
        """Those that the person has had from the start."""
        return self.person.duo.phones if self.person.duo else ()

    def duo_ids(self) -> set[str]:
        """The ids in Duo that are the person's: their own, and their phones', taken off or not."""
        user: Any = self.sandbox.duo.user(self.person.user_name) or {}
        dead = self.person.duo.phones if self.person.duo else ()
        phones: list[Any] = [
            self.sandbox.duo.phone(number) for number in (self.person.number, *(p.number for p in dead))
        ]
        return {str(user.get("user_id")), *(str(phone["phone_id"]) for phone in phones if phone is not None)}

    def _bystander(self) -> object:
        name = self.sandbox.person("never_activated").user_name
        return self.sandbox.duo.user(name), self.sandbox.duo.codes(name)


Act = Callable[[Scene], object]


@dataclass(frozen=True)
class Story:
    """`first` is done as soon as the request is filed; each of `then` once the worker is quiet."""

    name: str
    kind: str
    device: str = DUO_MOBILE
    preferred: str = ""
    number: bool = False
    approval: str = "not requested"
    prepare: Callable[[Place, Person], object] | None = None
    first: tuple[Act, ...] = ()
    then: tuple[Act, ...] = ()
    phones: int = 0  # of a person with so many dead ones; else as the kind has them
    makes_a_code: bool = False
    ends: str = "awaiting"

    def __str__(self) -> str:
        return self.name

    def begin(self, stage: Place, number: int) -> Scene:
        """The people come, and the request is filed."""
        person = self._person(number)
        stage.sandbox.help_site(stage.system).add_person(person)
        stage.sandbox.duo.add_person(person)
        code = ""
        if person.duo is not None:
            code = stage.sandbox.duo.issue_code(person.user_name, valid_for=timedelta(days=20))
        if self.prepare is not None:
            self.prepare(stage, person)
        answers = {
            "device_type": self.device,
            "mobile_number": person.number if self.number else "",
            "phone_os": "iPhone",
            "preferred_method": self.preferred,
        }
        filed = stage.sandbox.help_site(stage.system).file_request(person, answers, approval=self.approval)
        stage.tickets.append(filed.task.number)
        scene = Scene(self, stage, person, filed, code, stage.clock())
        for act in self.first:
            scene.do(act)
        return scene

    def _person(self, case: int) -> Person:
        place = FIRST_NUMBER + case
        name = f"case{case:05}"
        number = f"+1{AREA_CODES[place % len(AREA_CODES)]}555{place // len(AREA_CODES):04}"
        personal = f"{name}@mail.example.net" if self.kind == "personal_address" else ""
        person = Person(name, "Casey", f"Number{case}", f"{name}@{DISTRICT}", personal, number, kind=self.kind)
        duo = KINDS[self.kind](person)
        if duo is not None and self.phones:
            more = tuple(DuoPhone(f"+1623556{place + extra:04}"[:12], "google android") for extra in range(self.phones))
            duo = replace(duo, phones=more)
        return replace(person, duo=duo)


def verify(scene: Scene) -> None:
    scene.site.work_note(scene.filed.task.number, IDENTITY, "#verified photo-id-in-person")


def approve(scene: Scene) -> None:
    scene.site.approve(scene.filed.item.number, "approver.ada")


def reject(scene: Scene) -> None:
    scene.site.reject(scene.filed.item.number, "approver.ada")


def close(scene: Scene) -> None:
    scene.site.close(scene.filed.task.number, TECHNICIAN)


def revoke(scene: Scene) -> None:
    scene.site.work_note(scene.filed.task.number, "desk.dana", "#revoke")


def take(scene: Scene) -> None:
    scene.site.assign(scene.filed.task.number, TECHNICIAN)


def hand_back(scene: Scene) -> None:
    scene.site.assign(scene.filed.task.number, "duo.worker", by=TECHNICIAN)


def lapse(scene: Scene) -> None:
    scene.stage.clock.pass_(timedelta(hours=9))


def activate_app(scene: Scene) -> None:
    """Whoever got a link; and the worker looks ten minutes after the delivery."""
    sent = any(text.number == scene.person.number for text in scene.sandbox.duo.texts)
    assert scene.sandbox.duo.activate(scene.person.user_name, scene.person.number) is sent
    scene.stage.clock.pass_(timedelta(minutes=11))


def add_key(scene: Scene) -> None:
    scene.sandbox.duo.register_key(scene.person.user_name)
    scene.stage.clock.pass_(timedelta(minutes=11))


def link_lapses(scene: Scene) -> None:
    scene.stage.clock.pass_(timedelta(hours=2))


def a_day(scene: Scene) -> None:
    scene.stage.clock.pass_(timedelta(hours=25))


def a_week(scene: Scene) -> None:
    scene.stage.clock.pass_(timedelta(days=7))


def trust_number(stage: Place, person: Person) -> None:
    stage.sandbox.help_site(stage.system).set_user(person.user_name, u_hr_phone=person.number)


DELIVERIES: Final = (
    Story("a link is texted", "never_activated"),
    Story("a link is texted once the platform is set", "platform_unknown"),
    Story("a code is verified, delivered and lapses", "never_logged_in", preferred="bypass_code", first=(verify,),
          then=(lapse,), makes_a_code=True),
    Story("a key's code, and the ticket is closed", "personal_address", SECURITY_KEY, then=(close,), makes_a_code=True,
          ends="closed"),
    Story("a key's code, revoked by the desk", "personal_address", SECURITY_KEY, then=(revoke,), makes_a_code=True,
          ends="held"),
    Story("an enrolment link is mailed", "no_phone", SECURITY_KEY, "enrollment_link", approval="requested",
          first=(approve,)),
    Story("a phone is added, and taken off again", "no_phone", number=True, prepare=trust_number, then=(revoke,),
          ends="held"),
    Story("dead phones are retired, and given back", "never_activated", SECURITY_KEY, "enrollment_link", phones=2,
          first=(verify,), then=(revoke,), ends="held"),
    Story("a Duo user is made", "no_duo_user", SECURITY_KEY, first=(verify,), then=(close,), makes_a_code=True,
          ends="closed"),
    Story("held for want of proof, then verified", "never_logged_in", preferred="bypass_code", then=(verify,),
          makes_a_code=True),
    Story("rejected", "never_activated", approval="requested", first=(reject,), ends="refused"),
    Story("taken by a technician, and handed back", "never_activated", first=(take,), then=(hand_back,)),
)  # fmt: skip
FOLLOWED: Final = (
    Story("the app is activated", "never_activated", then=(activate_app,), ends="closed"),
    Story("a key is added with the code", "personal_address", SECURITY_KEY, then=(add_key,), makes_a_code=True,
          ends="closed"),
    Story("a link is texted again, then given up", "never_activated", then=(link_lapses, a_day, a_week), ends="held"),
    Story("a code lapses, then given up", "personal_address", SECURITY_KEY, then=(a_day, a_week), makes_a_code=True,
          ends="held"),
)  # fmt: skip
STORIES: Final = (*DELIVERIES, *FOLLOWED)
"""All of them; what follows a delivery moves the clock on, by up to a week."""
