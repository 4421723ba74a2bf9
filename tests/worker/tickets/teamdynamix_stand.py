"""TeamDynamix's part of the worker on the sandbox's tenant, with a clock that only moves when it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors.sandbox.calls import CallLog
from connectors.sandbox.teamdynamix import Filed, TeamDynamix
from connectors.sandbox.world import Sandbox
from connectors.secret import Secret
from connectors.teamdynamix.auth import AdministratorKey, Credentials, ServiceAccount
from connectors.teamdynamix.kinds import free
from connectors.teamdynamix.session import Tenant
from tests.rig import Clock
from worker import configured, wiring
from worker.tickets.teamdynamix import TeamDynamixTickets, TicketSettings
from worker.tickets.ticket import Moment, MomentName, Ticket

MARKER = "[duo-worker 0a1b2c]"


@dataclass
class Stand:
    """One tenant and one account on it."""

    sandbox: Sandbox
    clock: Clock
    settings: TicketSettings
    tenant: Tenant
    tickets: TeamDynamixTickets

    @property
    def site(self) -> TeamDynamix:
        return self.sandbox.teamdynamix

    @property
    def calls(self) -> CallLog:
        return self.sandbox.calls

    def file(self, kind: str = "never_activated", **more: Any) -> Filed:
        answers = {"device_type": "Duo Mobile", "mobile_number": "", "phone_os": "iPhone", "preferred_method": ""}
        return self.site.file_request(self.sandbox.person(kind), {**answers, **more.pop("answers", {})}, **more)

    def read(self, filed: Filed) -> Ticket:
        return self.tickets.read([filed.task.sys_id])[filed.task.sys_id]

    def again(self, **changes: Any) -> None:
        """The same with other settings."""
        self.settings = replace(self.settings, **changes)
        self.tickets = TeamDynamixTickets(self.tenant, self.settings, self.clock)

    def minute(self) -> None:
        self.clock.pass_(timedelta(minutes=1))


@contextmanager
def standing(folder: Path, *, admin: bool = False) -> Iterator[Stand]:
    clock = Clock()
    with Sandbox.start(clock=clock, folder=folder) as sandbox:
        sandbox.teamdynamix.switch(limited=False)
        known = sandbox.teamdynamix.credentials
        credentials: Credentials = ServiceAccount(known.user_name, Secret(known.password))
        if admin:
            credentials = AdministratorKey(known.beid, Secret(known.web_services_key))
        url = f"{sandbox.servers['teamdynamix'].url}/TDWebApi"
        tenant = Tenant(
            url,
            credentials,
            gates=free,
            stop=threading.Event(),
            timeout=timedelta(seconds=1),
            ca_file=str(sandbox.ca_file),
        )
        settings = configured.teamdynamix(wiring.settings(sandbox.config(folder, tickets="teamdynamix"), {}))
        yield Stand(sandbox, clock, settings, tenant, TeamDynamixTickets(tenant, settings, clock))


def moment(name: MomentName, *, comment: str = "", work_note: str = "Done.", marker: str = MARKER) -> Moment:
    return Moment(name, comment, work_note, marker)
