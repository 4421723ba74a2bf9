"""A sandbox ServiceNow that is served, and an instance of ours that calls it."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.gate import free
from connectors.sandbox.calls import Call
from connectors.sandbox.http import Server
from connectors.sandbox.people import Person, people
from connectors.sandbox.servicenow import Filed, ServiceNow
from connectors.sandbox.tls import Certificates
from connectors.secret import Secret
from connectors.servicenow.auth import Basic, ClientCredentials, Credentials, PasswordGrant
from connectors.servicenow.instance import Instance
from tests.connectors.sandbox.clock import Clock

PEOPLE = people(1, 6)
ANSWERS = {"device_type": "Duo Mobile", "mobile_number": "+14805550142", "phone_os": "iPhone"}


class NoPauses(threading.Event):
    """A stop event on which nobody waits: reads are tried again at once."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - the interface
        return self.is_set()


@dataclass
class Stand:
    """`calls` and `paths` leave out the conversation about tokens."""

    servicenow: ServiceNow
    server: Server
    clock: Clock
    ca_file: str
    seen: int = field(default=0)

    def client(self) -> ClientCredentials:
        known = self.servicenow.credentials
        return ClientCredentials(known.client_id, Secret(known.client_secret))

    def password(self) -> PasswordGrant:
        known = self.servicenow.credentials
        return PasswordGrant(known.client_id, Secret(known.client_secret), known.user_name, Secret(known.password))

    def basic(self) -> Basic:
        return Basic(self.servicenow.credentials.user_name, Secret(self.servicenow.credentials.password))

    def instance(self, credentials: Credentials | None = None, **differs: Any) -> Instance:
        given = {"gate": free, "stop": NoPauses(), "ca_file": self.ca_file, **differs}
        return Instance(self.server.url, credentials or self.client(), **given)

    def file(self, person: Person = PEOPLE[0], **differs: Any) -> Filed:
        """A request of the ordinary kind; answers and everything else as given."""
        return self.servicenow.file_request(person, differs.pop("answers", ANSWERS), **differs)

    def calls(self) -> tuple[Call, ...]:
        return tuple(call for call in self.server.calls if not call.path.endswith("oauth_token.do"))

    def new_calls(self) -> tuple[Call, ...]:
        """Those since this was last asked."""
        calls = self.calls()
        new, self.seen = calls[self.seen :], len(calls)
        return new


@contextlib.contextmanager
def standing(certificates: Certificates) -> Iterator[Stand]:
    clock = Clock()
    servicenow = ServiceNow(clock)
    for person in PEOPLE:
        servicenow.add_person(person)
    server = Server("servicenow", servicenow.app, tls=certificates.server, clock=clock)
    try:
        yield Stand(servicenow, server, clock, str(certificates.ca_file))
    finally:
        server.stop()
