"""A worker's life, made of parts (`parts.py`), with all that it logged and raised and every secret there was in it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final

from connectors.errors import ConnectorError
from connectors.sandbox.people import DISTRICT, KINDS, Person
from tests.rig import UNHURRIED, Filed, Rig, System, running
from tests.secrets.planted import Planted
from tests.secrets.sinks import errors_to, logging_to
from worker.brakes import resume
from worker.once import once

MAIL_PASSWORD: Final = "relay-password-7Hq2mZ"
CHANGES: Final[dict[str, dict[str, Any]]] = {
    **UNHURRIED,
    "worker": {"concurrency": 1},  # so that the same calls fail every time
    "duo": {**UNHURRIED["duo"], "create_users": True},
    "mail": {**UNHURRIED["mail"], "username": "worker", "password_file": "secrets/mail"},
}
MINUTE: Final = timedelta(minutes=1)


@dataclass
class Life:
    """What there is after it."""

    rig: Rig
    folder: Path
    log: StringIO = field(default_factory=StringIO)
    raised: list[ConnectorError] = field(default_factory=list)
    planted: Planted = field(default_factory=Planted)
    filed: list[Filed] = field(default_factory=list)

    def once(self, after: timedelta = MINUTE) -> None:
        """A pass, after which brakes are lifted; whatever it made is known before it can be taken back."""
        self.rig.clock.pass_(after)
        self.rig.sandbox.duo.limits.clear()
        with suppress(ConnectorError):
            once(self.rig.shop)
        self.planted.collect(self.rig.sandbox)
        resume(self.rig.shop.ledger, self.rig.clock())

    def file(self, person: Person, device: str, preferred: str = "", **more: Any) -> Filed:
        answers = {"device_type": device, "mobile_number": "", "phone_os": "iPhone", "preferred_method": preferred}
        self.filed.append(self.rig.site.file_request(person, answers, **more))
        return self.filed[-1]

    def newcomer(self, kind: str = "personal_address") -> Person:
        """Somebody new, by default with a second address, so that they are served without anybody's help."""
        place = len(self.filed)
        name, number = f"newcomer{place:03}", f"+1480557{place:04}"
        second = f"{name}@mail.example.net" if kind == "personal_address" else ""
        person = Person(name, "New", "Comer", f"{name}@{DISTRICT}", second, number)
        person = replace(person, duo=KINDS[kind](person))
        self.rig.site.add_person(person)
        self.rig.sandbox.duo.add_person(person)
        return person

    def rewire(self) -> None:
        """New clients, from the files as they are now."""
        self.rig.again()


Part = Callable[[Life], object]


@contextmanager
def lived(folder: Path, parts: Sequence[Part], system: System) -> Iterator[Life]:
    """The life, part after part, with its logs and errors; the installation is still there."""
    (folder / "secrets").mkdir()
    (folder / "secrets" / "mail").write_text(f"{MAIL_PASSWORD}\n", encoding="utf-8")
    with running(folder, CHANGES, system=system) as rig:
        life = Life(rig, folder)
        rig.sandbox.mail.terms.username, rig.sandbox.mail.terms.password = "worker", MAIL_PASSWORD
        life.planted.files(folder / "secrets")
        with logging_to(life.log), errors_to(life.raised):
            for part in parts:
                part(life)
                rig.sandbox.faults.set()
        yield life
