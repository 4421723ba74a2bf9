"""The sandbox in a process of its own, so that its work isn't measured with the worker's; spoken to over a pipe."""

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any, Final

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.people import DISTRICT, KINDS, Person
from connectors.sandbox.world import Sandbox
from tests.bench.kinds import counted
from tests.rig import DUO_MOBILE, IDENTITY, SECURITY_KEY, UNHURRIED, Filed, System
from worker import wiring

TOO_MANY: Final = 429
A_SECOND: Final = 1.1
"""What is verified in the very second of the filing isn't verified after it: stamps count whole seconds."""


@dataclass(frozen=True)
class Asked:
    """How one option comes about: who files, for which device, with what wish and proof."""

    kind: str
    device: str = DUO_MOBILE
    preferred: str = ""
    number: bool = False
    proof: str = ""  # "", "verified", "approved"


OPTIONS: Final[Mapping[str, Asked]] = {
    "mobile.activation_link": Asked("never_activated"),
    "mobile.bypass_code": Asked("never_logged_in", preferred="bypass_code", proof="verified"),
    "mobile.add_phone": Asked("no_phone", number=True, proof="verified"),
    "key.bypass_code": Asked("personal_address", SECURITY_KEY),
    "key.enrollment_link": Asked("no_phone", SECURITY_KEY, "enrollment_link", proof="approved"),
}


class District:
    """What the other process can be asked; every method's arguments and answer go through the pipe."""

    def __init__(self, sandbox: Sandbox, system: System) -> None:
        self._sandbox = sandbox
        self._site = sandbox.help_site(system)
        self._approves = system == "servicenow"  # elsewhere an approval proves nothing (decision 0027)
        self._responsible: dict[str, Any] = {}
        self._people = len(sandbox.people)  # whose numbers are taken
        sandbox.duo.limits.clear()  # the worker's own budget is measured, not Duo's
        sandbox.password_pusher.set_throttle(minute=0, second=0)
        sandbox.duo.switches.clock_skew = None
        sandbox.teamdynamix.switch(limited=False)

    def file(self, option: str, count: int) -> list[str]:
        """So many more requests, each of a person of their own; the numbers of their tickets."""
        asked = OPTIONS[option]
        filed = [self._file(asked) for _ in range(count)]
        if asked.proof:
            Event().wait(A_SECOND)
        for each in filed:
            self._prove(each, asked.proof)
        return [str(each.task.number) for each in filed]

    def assign_by_form(self) -> None:
        """From now on the form makes the worker responsible, and no status of TeamDynamix needs a date."""
        self._responsible = {"responsible": "duo.worker"}
        self._sandbox.teamdynamix.switch(dates_needed=False)

    def count_calls(self) -> None:
        """From now on TeamDynamix turns away what is over its limits."""
        self._sandbox.teamdynamix.switch(limited=True)

    def turned_away(self) -> int:
        """How many calls any system was asked too often for."""
        return sum(call.status == TOO_MANY for call in self._sandbox.calls)

    def account(self) -> tuple[str, str]:
        """The worker's user name and password at ServiceNow."""
        known = self._sandbox.credentials.servicenow
        return known.user_name, known.password

    def latency(self, milliseconds: Mapping[str, int]) -> None:
        for system, each in milliseconds.items():
            self._sandbox.set_latency(timedelta(milliseconds=each), system)

    def slow_items(self, milliseconds: int) -> None:
        """From now on ServiceNow works so long on each item of a batch after its first, which its latency covers."""
        server = self._sandbox.servers["servicenow"]
        app = server.app

        def slower(request: Request) -> Response:
            if request.path.endswith("/batch"):
                items = len(json.loads(request.body)["rest_requests"])
                Event().wait((items - 1) * milliseconds / 1000)
            return app(request)

        server.app = slower

    def age(self) -> None:
        """Whatever is filed at ServiceNow by now last changed an hour ago."""
        store = self._sandbox.servicenow._instance.store
        before = f"{wiring.now() - timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
        for table in ("sc_task", "sc_req_item"):
            for record in list(store._records[table].values()):
                store.put(record, {"sys_updated_on": before})

    def forget(self) -> None:
        """All calls so far."""
        self._sandbox.calls.clear()

    def calls(self) -> Counter[tuple[str, str]]:
        """How many, by system and kind; see `tests.bench.kinds`."""
        return counted(tuple(self._sandbox.calls))

    def arrivals(self, system: str) -> list[float]:
        """When its calls came, in seconds."""
        return [call.at.timestamp() for call in self._sandbox.calls.select(system)]

    def polled(self) -> bool:
        """Whether tickets were asked for."""
        return bool(self._sandbox.calls.select("servicenow", "GET", "/api/now/table/sc_task"))

    def texts(self) -> Counter[str]:
        """How many texts with an activation link went to each number; the one with the shop's link comes beside it."""
        return Counter(text.number for text in self._sandbox.duo.texts if text.kind == "activation")

    def _file(self, asked: Asked) -> Filed:
        person = self._person(asked.kind)
        self._site.add_person(person)
        self._sandbox.duo.add_person(person)
        if asked.number:
            self._site.set_user(person.user_name, u_hr_phone=person.number)
        answers = {
            "device_type": asked.device,
            "mobile_number": person.number if asked.number else "",
            "phone_os": "iPhone",
            "preferred_method": asked.preferred,
        }
        approval = "requested" if asked.proof == "approved" and self._approves else "not requested"
        return self._site.file_request(person, answers, approval=approval, **self._responsible)

    def _prove(self, filed: Filed, proof: str) -> None:
        if proof == "approved" and self._approves:
            self._site.approve(filed.item.number, "approver.ada")
        elif proof:
            self._site.work_note(filed.task.number, IDENTITY, "#verified photo-id-in-person")

    def _person(self, kind: str) -> Person:
        self._people += 1
        name = f"bench{self._people:06}"
        number = f"+1{('480', '602', '623', '520', '928')[self._people % 5]}555{self._people // 5:04}"
        personal = f"{name}@mail.example.net" if kind == "personal_address" else ""
        person = Person(name, "Bea", f"Number{self._people}", f"{name}@{DISTRICT}", personal, number, kind=kind)
        return replace(person, duo=KINDS[kind](person))


@contextmanager
def district(folder: Path, changes: Mapping[str, Mapping[str, Any]], system: System) -> Iterator["Far"]:
    """One, running, where people file at `system`; its configuration, unhurried but for `changes`, is in `folder`."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, folder, dict(changes), system), daemon=True)
    process.start()
    far = Far(here)
    try:
        far.ask("forget")
        yield far
    finally:
        here.send(None)
        process.join(20)


class Far:
    """The district as seen from here."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def ask(self, name: str, *arguments: Any) -> Any:
        """What its method `name` answers."""
        self._pipe.send((name, arguments))
        return self._pipe.recv()


def _serve(pipe: Connection, folder: Path, changes: dict[str, dict[str, Any]], system: System) -> None:
    tables = {name: {**UNHURRIED.get(name, {}), **changes.get(name, {})} for name in {**UNHURRIED, **changes}}
    with Sandbox.start(clock=_now, folder=folder, count=len(KINDS)) as sandbox:
        sandbox.config(folder, tables, tickets=system)
        made = District(sandbox, system)
        while (asked := pipe.recv()) is not None:
            pipe.send(getattr(made, asked[0])(*asked[1]))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the clock of a sandbox that is measured is the real one
