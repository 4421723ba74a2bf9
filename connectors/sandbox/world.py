"""The sandbox as a whole: all stand-ins running on loopback, with one district of people in them."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from connectors.sandbox import credentials, worker_config
from connectors.sandbox.calls import CallLog
from connectors.sandbox.duo import Duo
from connectors.sandbox.faults import FaultPlan
from connectors.sandbox.http import App, Server
from connectors.sandbox.mail import MailSink, Terms
from connectors.sandbox.password_pusher import PasswordPusher
from connectors.sandbox.people import KINDS, Person, people
from connectors.sandbox.population import STAFF, move_in
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.teamdynamix import TeamDynamix
from connectors.sandbox.tls import Certificates, certificates
from connectors.sandbox.worker_config import Auth, Running, Tables, TicketSystem

SYSTEMS: Final = ("servicenow", "teamdynamix", "duo", "password_pusher", "mail")
ANY_PORTS: Final[Mapping[str, int]] = MappingProxyType({})
NO_CHANGES: Final[Tables] = MappingProxyType({})


class Sandbox:
    """A running one: `with Sandbox.start(clock=…) as sandbox`, or `stop()` at the end.

    The stand-ins' own acts, switches and views are on `servicenow`, `teamdynamix`, `duo`, `password_pusher` and
    `mail`; `servers` are what all but the last answer through. `calls` is what all were asked, `people` the district
    by user name, staff included. `faults` says what goes wrong. Who is played by hand files at `site`.
    """

    def __init__(
        self, clock: Callable[[], datetime], seed: int, count: int, tickets: TicketSystem = "servicenow"
    ) -> None:
        """Everybody has moved in, nothing is served yet: `start` is the way to make one."""
        self.servicenow = ServiceNow(clock, seed=seed)
        self.teamdynamix = TeamDynamix(clock, seed=seed)
        self.site = self.help_site(tickets)
        self.credentials = known = credentials.draw(self.servicenow.credentials, self.teamdynamix.credentials, seed)
        self.duo = Duo(clock, known.duo_integration_key, known.duo_secret_key, seed=seed)
        self.password_pusher = PasswordPusher(clock, known.password_pusher_token, seed=seed)
        self.people = {person.user_name: person for person in (*people(seed, count), *STAFF)}
        move_in(tuple(self.people.values()), self.servicenow, self.teamdynamix, self.duo)
        self.calls = CallLog()
        self.faults = FaultPlan(clock, seed=seed)
        self.servers: dict[str, Server] = {}
        self._clock = clock
        self._closing = ExitStack()

    @classmethod
    def start(
        cls,
        *,
        clock: Callable[[], datetime],
        seed: int = 1,
        count: int = 2 * len(KINDS),
        latency: timedelta = timedelta(),
        ports: Mapping[str, int] = ANY_PORTS,
        folder: Path | None = None,
        tickets: TicketSystem = "servicenow",
    ) -> Self:
        """`count` people of all kinds in turn; `ports` by system, free ones where it names none.

        `folder` gets the certificate to trust, ca.pem; None: a temporary one. Raises OSError for a port in use.
        """
        sandbox = cls(clock, seed, count, tickets)
        with sandbox._closing:
            sandbox._open(folder, ports)
            sandbox.set_latency(latency)
            sandbox._closing = sandbox._closing.pop_all()
        return sandbox

    def stop(self) -> None:
        """Close everything. A second call does nothing."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def ports(self) -> dict[str, int]:
        """By system."""
        return {name: server.port for name, server in self.servers.items()} | {"mail": self.mail.port}

    def person(self, kind: str, place: int = 0) -> Person:
        """The first of one of `people.KINDS`, or a later one by `place`. Raises IndexError where there is none."""
        return [person for person in self.people.values() if person.kind == kind][place]

    def help_site(self, system: TicketSystem) -> ServiceNow | TeamDynamix:
        """The stand-in where people file their requests; both have the same acts."""
        return self.servicenow if system == "servicenow" else self.teamdynamix

    @property
    def is_whole(self) -> bool:
        """Whether all stand-ins take connections."""
        return not (self.mail.is_away or any(server.is_away for server in self.servers.values()))

    def set_latency(self, latency: timedelta, *systems: str) -> None:
        """How long each answer takes from now on, of all systems or those named."""
        for name in systems or SYSTEMS:
            if name == "mail":
                self.mail.terms.latency = latency
            else:
                self.servers[name].latency = latency

    def config(
        self,
        folder: Path,
        changes: Tables = NO_CHANGES,
        *,
        auth: Auth = "client_credentials",
        tickets: TicketSystem = "servicenow",
    ) -> Path:
        """A worker's config.toml for this sandbox, with all files that it names; `changes` are keys by table."""
        running = Running(self.ports, self.ca_file, self.credentials, tickets)
        return worker_config.write(folder, running, changes, auth)

    def _open(self, folder: Path | None, ports: Mapping[str, int]) -> None:
        trust = certificates(folder or Path(self._closing.enter_context(tempfile.TemporaryDirectory())))
        self.ca_file = trust.ca_file
        apps = {
            "servicenow": self.servicenow.app,
            "teamdynamix": self.teamdynamix.app,
            "duo": self.duo.app,
            "password_pusher": self.password_pusher.app,
        }
        for name, app in apps.items():
            self.servers[name] = self._serve(name, app, trust, ports.get(name, 0))
        terms = Terms(tls=trust.server, spoil=self.faults.spoil_mail, ends=self.faults.ends_mail)
        self.mail = MailSink(clock=self._clock, calls=self.calls, port=ports.get("mail", 0), terms=terms)
        self.faults.closed_by("mail", self.mail.close_for)
        self._closing.callback(self.mail.stop)
        self._closing.callback(self.faults.end)

    def _serve(self, name: str, app: App, trust: Certificates, port: int) -> Server:
        faulty = self.faults.around(name, app)
        server = Server(name, faulty, tls=trust.server, clock=self._clock, calls=self.calls, port=port)
        self.faults.closed_by(name, server.close_for)
        self._closing.callback(server.stop)
        return server
