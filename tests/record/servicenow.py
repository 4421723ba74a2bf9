"""Records the ServiceNow connector's conversation into tests/cassettes/servicenow/.

    python -m tests.record.servicenow

records it from the sandbox. To record it from a real instance, order the catalogue item there for a test user who may
be mailed, within the hour before; make sure that nobody else orders meanwhile; put the secret of an OAuth application
that runs as the worker's account into a file that only you can read; then

    python -m tests.record.servicenow --url https://EXAMPLE.service-now.com --client-id ID --client-secret-file FILE \
        --item SYS_ID --group "HOLD GROUP"

The test ticket is taken, delivered with a comment, handed to the group and closed. Host, client, tokens, the window's
beginning, the item and all names of people and groups are replaced before anything is written;
read the cassette before you commit it all the same.
"""

import argparse
import re
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from connectors.gate import free
from connectors.sandbox.http import Server
from connectors.sandbox.people import Person
from connectors.sandbox.servicenow import ENROLMENT_ITEM, ServiceNow
from connectors.sandbox.tls import certificates
from connectors.secret import Secret
from connectors.servicenow import stamps
from connectors.servicenow.auth import ClientCredentials
from connectors.servicenow.instance import Instance
from tests.record.scrub import Scrub, cassette
from worker.tickets.servicenow import ServiceNowTickets, TicketSettings
from worker.tickets.ticket import Moment, Poll, Stamp, Ticket, Written

CASSETTE: Final = Path(__file__).parent.parent / "cassettes" / "servicenow" / "conversation.yaml"
URL: Final = "https://example.service-now.com"
CLIENT: Final = ClientCredentials("client-id", Secret("client-secret"))
PERSON: Final = Person("test.user", "Test", "User", "test.user@example.edu")
GROUP: Final = "Duo Hold Queue"
WHEN: Final = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
WINDOW: Final = timedelta(hours=1)
ME: Final = "duo.worker"
NO_NAMES: Final[Mapping[str, str]] = {}
SECRETS: Final = (
    re.compile(r'"(?:access|refresh)_token": ?"([^"]+)"'),
    re.compile(r'"(?:approver|user)\.user_name": ?"([^"]+)"'),  # no secret, but other people's
)
MARKER: Final = "[duo-worker 0000000000000000]"


@dataclass(frozen=True)
class Told:
    """What the connector made of the conversation."""

    me: str
    members: frozenset[str]
    first: Poll
    written: tuple[Written, ...]
    second: Poll
    found: Ticket | None
    marked: bool


def conversation(tickets: ServiceNowTickets, group: str, now: datetime) -> Told:
    """One of everything that the worker asks of ServiceNow, about one new ticket."""
    first = tickets.changed(now - WINDOW)
    (ticket,) = first.tickets
    written = tuple(tickets.write(ticket, moment) for moment in moments())
    known: set[tuple[str, Stamp]] = {(ticket.id, written[-1].stamp)}
    return Told(
        me=tickets.me(),
        members=tickets.members([group])[group],
        first=first,
        written=written,
        second=tickets.changed(now - WINDOW, lambda read: set(read) & known),
        found=tickets.find(ticket.number),
        marked=tickets.written(ticket.id, MARKER),
    )


def moments() -> tuple[Moment, ...]:
    taken = Moment("taken", comment="", work_note="Decided.", marker=MARKER)
    delivered = replace(taken, name="delivered", comment="This is a test; there is nothing to do.", work_note="Done.")
    return (taken, delivered, replace(taken, name="held"), replace(taken, name="given_up"))


def tickets_at(url: str, client: ClientCredentials, settings: TicketSettings, ca_file: str) -> ServiceNowTickets:
    instance = Instance(url, client, gate=free, stop=threading.Event(), ca_file=ca_file)
    return ServiceNowTickets(instance, settings, lambda: WHEN)


def settings(item: str = ENROLMENT_ITEM, group: str = GROUP) -> TicketSettings:
    choices = {"device": {"Duo Mobile": "duo_mobile", "Security key": "security_key"}}
    return TicketSettings(catalog_items=(item,), hold_group=group, choices=choices)


def scrub(client: ClientCredentials = CLIENT, now: datetime = WHEN, names: Mapping[str, str] = NO_NAMES) -> Scrub:
    """`client`, `now` and the keys of `names` are the real ones."""
    real = {
        client.client_id: CLIENT.client_id,
        client.client_secret.reveal(): CLIENT.client_secret.reveal(),
        stamps.text(now - WINDOW): stamps.text(WHEN - WINDOW),
        **names,
    }
    longest_first = dict(sorted(real.items(), key=lambda pair: -len(pair[0])))
    return Scrub(URL.removeprefix("https://"), longest_first, SECRETS)


def record(url: str, client: ClientCredentials, asked: TicketSettings, now: datetime, ca_file: str = "") -> None:
    """The names that have to go are asked for first, off the record."""
    before = tickets_at(url, client, asked, ca_file)
    (ticket,) = before.changed(now - WINDOW).tickets
    names = {before.me(): ME, asked.hold_group: GROUP, asked.catalog_items[0]: ENROLMENT_ITEM}
    for person in (ticket.opener, ticket.person):
        names |= {person.user_name: PERSON.user_name, person.email: PERSON.email}
        names[f'"{person.first_name}"'] = f'"{PERSON.first_name}"'
    with cassette(CASSETTE, scrub(client, now, {name: names[name] for name in names if name.strip('"')}), record=True):
        conversation(tickets_at(url, client, asked, ca_file), asked.hold_group, now)


def record_sandbox() -> None:
    servicenow = ServiceNow(lambda: WHEN)
    servicenow.add_person(PERSON)
    servicenow.add_group(GROUP, [PERSON.user_name])
    answers = {"device_type": "Duo Mobile", "mobile_number": "+14805550100", "phone_os": "iPhone"}
    filed = servicenow.file_request(PERSON, answers, approval="approved")
    servicenow.approve(filed.item.sys_id, "admin")
    known = servicenow.credentials
    client = ClientCredentials(known.client_id, Secret(known.client_secret))
    with tempfile.TemporaryDirectory() as folder:
        trust = certificates(Path(folder))
        server = Server("servicenow", servicenow.app, tls=trust.server, clock=lambda: WHEN)
        try:
            record(server.url, client, settings(), WHEN, str(trust.ca_file))
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "client-id", "client-secret-file", "item", "group"):
        parser.add_argument(f"--{name}")
    given = parser.parse_args()
    if given.url is None:
        record_sandbox()
        return
    if None in vars(given).values():
        parser.error("a real instance needs all of them")
    client = ClientCredentials(given.client_id, Secret(Path(given.client_secret_file).read_text().strip()))
    now = datetime.now(UTC)  # noqa: TID251 - a command of its own
    record(given.url, client, settings(given.item, given.group), now)


if __name__ == "__main__":
    main()
