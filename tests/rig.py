"""A worker on a sandbox: both real, with a clock that only moves when it is told to."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from connectors.sandbox import servicenow, teamdynamix
from connectors.sandbox.people import Person
from connectors.sandbox.teamdynamix import TRUSTED
from connectors.sandbox.world import Sandbox
from worker import wiring
from worker.ledger import marks, requests, steps
from worker.ledger.migrate import migrate
from worker.ledger.rows import Request, StepRow
from worker.once import once
from worker.settings import Settings
from worker.shop import Shop
from worker.steps.fingerprint import PROBE

Filed = servicenow.Filed | teamdynamix.Filed
System = Literal["servicenow", "teamdynamix"]
SYSTEMS: tuple[System, ...] = ("servicenow", "teamdynamix")

TRUSTED_NUMBER: dict[System, str] = {"servicenow": "u_hr_phone", "teamdynamix": f"Attributes.{TRUSTED['u_hr_phone']}"}

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
PLENTY = 10_000
UNHURRIED: dict[str, dict[str, Any]] = {
    "servicenow": {"calls_per_minute": PLENTY},
    "teamdynamix": {"calls_per_minute": PLENTY},
    "duo": {"calls_per_minute": PLENTY},
    "password_pusher": {"calls_per_minute": PLENTY},
    "mail": {"messages_per_minute": PLENTY},
}
DUO_MOBILE, SECURITY_KEY = "Duo Mobile", "Security key"
IDENTITY = "identity.ines"
STATES = {"1": "open", "2": "work_in_progress", "-5": "pending", "3": "closed", "4": "closed", "7": "closed"}
STANDS = {
    "1": "open",
    "-5": "pending",
    "3": "resolved",
    "4": "cancelled",
    "New": "open",
    "Waiting for Customer": "pending",
    "Resolved": "resolved",
    "Cancelled": "cancelled",
}
PASSPHRASE = re.compile(r"The passphrase for it: (\S+)")
NO_WRITES = ("oauth", "/auth/", "/search")
"""Parts of paths that are posted to and change nothing."""


class Clock:
    """Tells the same time until it is moved on."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span


@dataclass
class Rig:
    """One installation; `once` is a full pass of the worker."""

    sandbox: Sandbox
    clock: Clock
    settings: Settings
    shop: Shop
    _garbled: list[Any] = field(default_factory=list)

    @property
    def system(self) -> System:
        """Where requests come from."""
        return self.settings.tickets.system

    @property
    def site(self) -> servicenow.ServiceNow | teamdynamix.TeamDynamix:
        """The help site: its people's acts, the same on either system."""
        return self.sandbox.help_site(self.system)

    def person(self, kind: str) -> Person:
        return self.sandbox.person(kind)

    def file(
        self,
        kind: str,
        *,
        device: str = DUO_MOBILE,
        number: str = "",
        preferred: str = "",
        phone_os: str = "iPhone",
        **more: Any,
    ) -> Filed:
        """A request of the first person of a kind; `number` "own" is theirs on the help site's record."""
        person = self.person(kind)
        answers = {
            "device_type": device,
            "mobile_number": person.number if number == "own" else number,
            "phone_os": phone_os,
            "preferred_method": preferred,
        }
        return self.site.file_request(person, answers, **more)

    def verify(self, filed: Filed, *, by: str = IDENTITY, method: str = "photo-id-in-person") -> None:
        """A note of the identity desk, a minute later."""
        self.clock.pass_(timedelta(minutes=1))
        self.site.work_note(filed.task.number, by, f"#verified {method}")

    def once(self) -> list[str]:
        return once(self.shop)

    def request(self, filed: Filed) -> Request:
        with self.shop.ledger.reading() as connection:
            found = requests.by_ticket(connection, self.system, filed.task.sys_id)
        assert found is not None, f"the ledger doesn't know {filed.task.number}"
        return found

    def steps(self, filed: Filed) -> list[StepRow]:
        return list(steps.of(self.shop.ledger, self.request(filed).id))

    def ticket(self, filed: Filed) -> Mapping[str, Any]:
        return self.site.ticket(filed.task.number)

    def state(self, filed: Filed) -> str:
        """The ticket's state in our words."""
        state = str(self.ticket(filed)["state"])
        return STATES.get(state, state)

    def stands(self, filed: Filed) -> str:
        """How the ticket stands, as people call it: open, pending, resolved, cancelled; else the system's own word."""
        found = self.ticket(filed)
        status = str(found.get("status") or found["state"])
        return STANDS.get(status, status)

    def field_passphrase(self, number: str) -> str:
        """What the passphrase's field of a ticket holds; nothing where there is none and the comment keeps it."""
        return self.sandbox.servicenow.row(number)["u_passphrase"] if self.system == "servicenow" else ""

    def passphrase(self, filed: Filed) -> str:
        """The one to the mailed link, from where the person reads it; empty: there is none, or it was taken away."""
        if self.system == "servicenow":
            return self.field_passphrase(filed.task.number)
        found = [PASSPHRASE.search(comment) for comment in self.ticket(filed)["comments"]]
        return next((each[1] for each in reversed(found) if each), "")

    def move_away(self, filed: Filed) -> None:
        """The ticket becomes one of another form, which is none of the worker's business."""
        if self.system == "servicenow":
            self.sandbox.servicenow.set_fields(filed.item.number, "admin", cat_item="e" * 32)
        else:
            self.sandbox.teamdynamix.set_form(filed.task.number, 9999)

    def name_another(self, filed: Filed, other: str) -> None:
        """Two parts of the request name different persons; `other` is the id of one of them."""
        if self.system == "servicenow":
            self.sandbox.servicenow.set_fields(filed.request.number, "admin", requested_for=other)
        else:
            self.sandbox.teamdynamix.set_requestor(filed.task.number, other, affected=True)

    def withdraw(self, filed: Filed, by: str) -> None:
        """The approval is asked for again."""
        if self.system == "servicenow":
            self.sandbox.servicenow.set_fields(filed.item.number, by, approval="requested")
        else:
            self.sandbox.teamdynamix.ask_approval(filed.task.number, by)

    def reopen(self, filed: Filed, by: str, *, for_himself: bool = False) -> None:
        """A closed ticket is open again, with whom it was or with who opens it."""
        if self.system == "servicenow":
            self.sandbox.servicenow.set_fields(filed.item.number, by, active="true", state="2")
            self.sandbox.servicenow.set_fields(filed.task.number, by, active="true", state="1")
        else:
            self.sandbox.teamdynamix.reopen(filed.task.number, by)
        if for_himself:
            self.site.assign(filed.task.number, by)

    def watch(self, filed: Filed, address: str, by: str) -> None:
        """Somebody else reads along from now on."""
        if self.system == "servicenow":
            self.sandbox.servicenow.set_fields(filed.task.number, by, watch_list=address)
        else:
            self.sandbox.teamdynamix.watch(filed.task.number, address)

    def garble(self, *filed: Filed) -> None:
        """These tickets, and no others, lack what every ticket has, so that they can't be read."""
        if self.system == "teamdynamix":
            garbled = frozenset((int(each.task.number), "CreatedDate") for each in filed)
            self.sandbox.teamdynamix.switch(garbled_fields=garbled)
            return
        for item in self._garbled:
            self.sandbox.servicenow.set_fields(item.sys_id, "admin", number=item.number)
        self._garbled = [each.item for each in filed]
        for item in self._garbled:
            self.sandbox.servicenow.set_fields(item.number, "admin", number="")

    def hide(self, *filed: Filed) -> None:
        """The worker's account isn't shown these tickets, and all others."""
        if self.system == "servicenow":
            self.sandbox.servicenow.switch(hidden_rows=frozenset(each.task.sys_id for each in filed))
        else:
            self.sandbox.teamdynamix.switch(hidden_tickets=frozenset(int(each.task.number) for each in filed))

    def file_reset(self, person: Person) -> Filed:
        """A password-reset request."""
        return self.site.file_request(person, {}, item="password reset")

    def notes(self, filed: Filed, kind: str) -> list[str]:
        """What the worker wrote: "comments" or "work_notes"."""
        journal = self.site.journal(filed.task.number)
        return [entry.text for entry in journal if entry.kind == kind and entry.author == "duo.worker"]

    def writes(self) -> int:
        """How many writing calls the sandbox has seen; telling a token is none."""
        return len([call for call in self.sandbox.calls.writes() if not any(part in call.path for part in NO_WRITES)])

    def prove_fingerprint(self) -> None:
        """As `check --probe-user` does when it passes."""
        with self.shop.ledger.writing() as connection:
            marks.put(connection, PROBE, {}, self.clock())

    def again(self) -> None:
        """The worker as after a restart: nothing is remembered but the ledger."""
        self.shop = wiring.shop(self.settings, self.shop.ledger, clock=self.clock)


_STATE: ContextVar[str] = ContextVar("_STATE", default="")


@contextmanager
def kept_in(url: str) -> Iterator[None]:
    """Whatever rig runs inside has its ledger there, unless its own changes say where."""
    token = _STATE.set(url)
    try:
        yield
    finally:
        _STATE.reset(token)


@contextmanager
def running(
    folder: Path, changes: Mapping[str, Mapping[str, Any]] | None = None, *, system: System = "servicenow"
) -> Iterator[Rig]:
    """A sandbox, a ledger and a worker's tools on it; `changes` are configuration keys by table."""
    clock = Clock()
    usual = UNHURRIED | ({"worker": {"state": _STATE.get()}} if _STATE.get() else {})
    tables = {name: {**usual.get(name, {}), **(changes or {}).get(name, {})} for name in (*usual, *(changes or {}))}
    with Sandbox.start(clock=clock, folder=folder) as sandbox:
        sandbox.duo.switches.clock_skew = None
        sandbox.teamdynamix.switch(limited=False)  # the clock stands still, so a window would never end
        settings = wiring.settings(sandbox.config(folder, tables, tickets=system), {})
        migrate(settings.worker.state, wiring.keys(settings), clock())
        ledger = wiring.ledger(settings)
        yield Rig(sandbox, clock, settings, wiring.shop(settings, ledger, clock=clock))
        ledger.engine.dispose()
