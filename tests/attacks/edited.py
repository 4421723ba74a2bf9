"""Requests with steps to do, of which somebody rewrites the ledger; and a victim, who must stay as they were."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.acts.filing import Filed
from tests.attacks.district import District
from tests.rig import DUO_MOBILE, SECURITY_KEY
from worker.brakes import pause, resume

GIVING: Final = (
    "create_user", "create_phone", "attach_phone", "set_platform", "detach_phones", "code_in_push", "link_mail",
    "activation_text", "enrollment_mail",
)  # fmt: skip


@dataclass
class Scene:
    """A request on which something is still to be done, and a victim whom it is none of its business."""

    town: District
    person: Person
    filed: Filed
    victim: Person
    victims: Filed  # a request of theirs, delivered, with a code alive

    @property
    def ids(self) -> tuple[int, int]:
        """Of both requests in the ledger."""
        return self.town.request(self.filed).id, self.town.request(self.victims).id

    def user_id(self, person: Person) -> str:
        user = self.town.sandbox.duo.user(person.user_name)
        assert user is not None
        return str(user["user_id"])

    def phone_ids(self, person: Person) -> list[str]:
        user: Any = self.town.sandbox.duo.user(person.user_name)
        return [phone["phone_id"] for phone in user["phones"]]

    def set_request(self, **values: object) -> None:
        mine, _ = self.ids
        names = ", ".join(f"{name} = ?" for name in values)
        assert self.town.edit_ledger(f"UPDATE requests SET {names} WHERE id = ?", *values.values(), mine) == 1  # noqa: S608

    def copy_from_victim(self, column: str) -> None:
        mine, theirs = self.ids
        copied = f"UPDATE requests SET {column} = (SELECT {column} FROM requests WHERE id = ?) WHERE id = ?"  # noqa: S608
        assert self.town.edit_ledger(copied, theirs, mine) == 1

    def set_in_step(self, name: str, column: str, **values: object) -> None:
        """Change values in the JSON of the latest step of that name."""
        row = next(row for row in reversed(self.town.steps(self.filed)) if row.name == name)
        old: Any = getattr(row, column)
        new = [*old[:-1], {**old[-1], **values}] if column == "intents" else {**old, **values}
        text = json.dumps(new, sort_keys=True, separators=(",", ":"))
        assert self.town.edit_ledger(f"UPDATE steps SET {column} = ? WHERE id = ?", text, row.id) == 1  # noqa: S608

    def add_steps(self, *names: str) -> None:
        """Planned steps that nobody decided on."""
        mine, _ = self.ids
        last = max((row.seq for row in self.town.steps(self.filed)), default=0)
        for place, name in enumerate(names, start=1):
            self.town.edit_ledger(
                "INSERT INTO steps (request_id, seq, round, name, target, state, attempts, intents, result, seal)"
                " VALUES (?, ?, (SELECT round FROM requests WHERE id = ?), ?, 0, 'planned', 0, '[]', '{}', '')",
                mine, last + place, mine, name,
            )  # fmt: skip


def scene(town: District, kind: str, *, number: bool = False, preferred: str = "", device: str = DUO_MOBILE,
          verified: bool = False, trusted: bool = False, **differs: Any) -> Scene:  # fmt: skip
    """Issuing is paused, so that the request is decided, and no step of it is done."""
    victim = town.person("personal_address")
    victims = town.file(victim, device=SECURITY_KEY)
    town.once()
    assert len(town.sandbox.duo.codes(victim.user_name)) == 1
    person = town.person(kind, **differs)
    if trusted:
        town.sandbox.servicenow.set_user(person.user_name, u_hr_phone=person.number)
    filed = town.file(person, number=person.number if number else "", preferred=preferred, device=device)
    if verified:
        town.verify(filed)
    pause(town.stage.ledger, town.stage.clock(), everything=False, why="a test")
    town.once()
    town.count_anew()
    return Scene(town, person, filed, victim, victims)


def alone(town: District, person: Person) -> Scene:
    """A request that nothing proves, without a victim."""
    filed = town.file(person, number=person.number, preferred="bypass_code")
    return Scene(town, person, filed, person, filed)


def go_on(made: Scene, passes: int = 2) -> None:
    resume(made.town.stage.ledger, made.town.stage.clock())
    made.town.restart()
    for _ in range(passes):
        made.town.once()


def assert_the_victim_is_as_before(made: Scene) -> None:
    town = made.town
    assert len(town.sandbox.duo.codes(made.victim.user_name)) == 1
    pushes = [push for push in town.sandbox.password_pusher.pushes if push.name == made.victims.task.number]
    assert [push.expired for push in pushes] == [False]
    assert town.sandbox.servicenow.row(made.victims.task.number)["u_passphrase"]
    assert made.victim.user_name not in town.given().changed
    assert made.victim.personal_email not in town.given().links


def a_text(town: District) -> Scene:
    return scene(town, "never_activated")


def a_code(town: District) -> Scene:
    return scene(town, "never_logged_in", preferred="bypass_code", verified=True)


def a_new_phone(town: District) -> Scene:
    return scene(town, "no_phone", number=True, trusted=True)


def an_enrollment_mail(town: District) -> Scene:
    return scene(town, "no_phone", device=SECURITY_KEY, preferred="enrollment_link", verified=True)


Arrange = Callable[[District], Scene]
