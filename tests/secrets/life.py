"""A worker's life with everything in it that could make a secret slip.

Delivered, held, refused, taken back; answers lost, words echoed, credentials wrong, a bug.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final

from connectors.errors import ConnectorError
from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import DISTRICT, KINDS, Person
from connectors.sandbox.servicenow.acts.filing import Filed
from connectors.sandbox.worker_config import Auth
from tests.rig import DUO_MOBILE, IDENTITY, SECURITY_KEY, UNHURRIED, Rig, running
from tests.secrets.hostile import Broken, echoing, refusing
from tests.secrets.planted import Planted
from tests.secrets.sinks import errors_to, logging_to
from worker import wiring
from worker.brakes import resume
from worker.cli.ending import BUG, ending
from worker.fresh import FreshTickets
from worker.once import once
from worker.operating import revoke

MAIL_PASSWORD: Final = "relay-password-7Hq2mZ"
WRONG: Final = "a-wrong-secret-kX93vb"
CHANGES: Final[dict[str, dict[str, Any]]] = {
    **UNHURRIED,
    "worker": {"concurrency": 1},  # so that the same calls fail every time
    "duo": {**UNHURRIED["duo"], "create_users": True},
    "mail": {**UNHURRIED["mail"], "username": "worker", "password_file": "secrets/mail"},
}
LOSSES: Final = (
    Rule("mail", "421 at hello", nth=2),
    Rule("duo", "reset after", method="POST", chance=0.2),
    Rule("duo", "error after", method="POST", chance=0.1),
    Rule("password_pusher", "half", method="POST", chance=0.2),
    Rule("password_pusher", "error before", method="POST", chance=0.2),
    Rule("password_pusher", "reset before", method="DELETE", chance=0.3),
    Rule("servicenow", "half", method="PATCH", chance=0.15),
    Rule("servicenow", "error after", method="PATCH", chance=0.1),
    Rule("mail", "554 at the end", chance=0.1),
    Rule("mail", "hung up after", chance=0.1),
)
LOST_FOR: Final = ("never_activated", "no_phone", "never_logged_in", "two_aliases", "working_app", "personal_address")
MINUTE: Final = timedelta(minutes=1)
SETTLED: Final = 4 * MINUTE


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
        self.filed.append(self.rig.sandbox.servicenow.file_request(person, answers, **more))
        return self.filed[-1]

    def newcomer(self, kind: str = "personal_address") -> Person:
        """Somebody new, by default with a second address, so that they are served without anybody's help."""
        place = len(self.filed)
        name, number = f"newcomer{place:03}", f"+1480557{place:04}"
        second = f"{name}@mail.example.net" if kind == "personal_address" else ""
        person = Person(name, "New", "Comer", f"{name}@{DISTRICT}", second, number)
        person = replace(person, duo=KINDS[kind](person))
        self.rig.sandbox.servicenow.add_person(person)
        self.rig.sandbox.duo.add_person(person)
        return person

    def rewire(self) -> None:
        """New clients, from the files as they are now."""
        rig, shop = self.rig, self.rig.shop
        systems = wiring._systems(rig.settings, shop.ledger, shop.stop, rig.clock)
        worker = replace(shop.worker, systems=systems, tickets=FreshTickets(systems.tickets, rig.clock))
        polling = replace(shop.polling, tickets=systems.tickets, fresh=worker.tickets)
        rig.shop = replace(shop, worker=worker, polling=polling)


@contextmanager
def lived(folder: Path) -> Iterator[Life]:
    """The life, with its logs and errors; the installation is still there."""
    (folder / "secrets").mkdir()
    (folder / "secrets" / "mail").write_text(f"{MAIL_PASSWORD}\n", encoding="utf-8")
    with running(folder, CHANGES) as rig:
        life = Life(rig, folder)
        rig.sandbox.mail.terms.username, rig.sandbox.mail.terms.password = "worker", MAIL_PASSWORD
        life.planted.files(folder / "secrets")
        with logging_to(life.log), errors_to(life.raised):
            for part in (_serve, _lose, _take_back, _echo, _misconfigure, _sign_in_otherwise, _meet_a_bug):
                part(life)
                rig.sandbox.faults.set()
        yield life


def _serve(life: Life) -> None:
    """Every kind of person, checked by the desk, and one of each option that needs none."""
    sandbox = life.rig.sandbox
    mailed = life.file(life.newcomer("no_phone"), SECURITY_KEY, "enrollment_link", approval="requested")
    sandbox.servicenow.approve(mailed.item.number, "approver.ada")
    checked = [life.file(sandbox.person(kind), SECURITY_KEY) for kind in KINDS]
    life.file(life.newcomer("platform_unknown"), DUO_MOBILE)
    life.rig.clock.pass_(MINUTE)
    for filed in checked:
        sandbox.servicenow.work_note(filed.task.number, IDENTITY, "#verified photo-id-in-person")
    life.once()


def _lose(life: Life) -> None:
    """Answers are lost on every way, with and without proof that codes can be found."""
    sandbox = life.rig.sandbox
    sandbox.faults.set(*LOSSES)
    checked = [life.file(sandbox.person(kind, 1), DUO_MOBILE, "bypass_code") for kind in LOST_FOR]
    life.rig.clock.pass_(MINUTE)
    for filed in checked:
        sandbox.servicenow.work_note(filed.task.number, IDENTITY, "#verified photo-id-in-person")
    life.once()
    life.rig.prove_fingerprint()
    life.once(SETTLED)
    life.once(SETTLED)


def _take_back(life: Life) -> None:
    """By the desk, by closing, by command."""
    rig = life.rig
    one, two, three, *_ = [filed for filed in life.filed if rig.request(filed).state == "awaiting"]
    rig.sandbox.servicenow.work_note(one.task.number, "desk.dana", "#revoke")
    rig.sandbox.servicenow.close(two.task.number, "technician.tom")
    life.once()
    revoke(rig.shop, rig.request(three), "an operator")


def _echo(life: Life) -> None:
    """Every system says back what it was sent, headers included, with every status that says no."""
    sandbox = life.rig.sandbox
    for system in ("servicenow", "duo", "password_pusher", "mail"):
        for _ in range(3):
            life.file(life.newcomer(), SECURITY_KEY)
        app = sandbox.servers[system].app if system in sandbox.servers else None
        if app is None:
            sandbox.mail.app = refusing
        else:
            sandbox.servers[system].app = echoing(app, system)
        life.once()
        sandbox.mail.app = sandbox.mail.keep
        if app is not None:
            sandbox.servers[system].app = app
    life.once(SETTLED)


def _misconfigure(life: Life) -> None:
    """Each secret in turn is a wrong one; a wrong one is as secret."""
    life.planted.add("a wrong secret", WRONG)
    for name in ("servicenow-client", "duo", "password-pusher", "mail"):
        file = life.folder / "secrets" / name
        right = file.read_text(encoding="utf-8")
        file.write_text(f"{WRONG}\n", encoding="utf-8")
        life.rewire()
        life.file(life.newcomer(), SECURITY_KEY)
        life.once()
        file.write_text(right, encoding="utf-8")
    life.rewire()
    life.once(SETTLED)


def _sign_in_otherwise(life: Life) -> None:
    """With the account's password, in both ways."""
    rig, known = life.rig, life.rig.settings
    ways: tuple[Auth, ...] = ("password", "basic")
    for auth in ways:
        rig.settings = wiring.settings(rig.sandbox.config(life.folder, CHANGES, auth=auth), {})
        life.rewire()
        life.once()
    rig.sandbox.config(life.folder, CHANGES)
    rig.settings = known
    life.rewire()


def _meet_a_bug(life: Life) -> None:
    """A bug between the two calls that make a code and hide it: its traceback goes to the log."""
    rig = life.rig
    life.file(life.newcomer(), SECURITY_KEY)
    systems = replace(rig.shop.worker.systems, password_pusher=Broken())  # type: ignore[arg-type]  # that is the bug
    broken = replace(rig.shop, worker=replace(rig.shop.worker, systems=systems))
    rig.clock.pass_(MINUTE)
    assert ending(lambda: once(broken)) == BUG
    life.planted.collect(rig.sandbox)
