"""Records the Duo connector's conversations into tests/cassettes/duo/.

    python -m tests.record.duo

records them from the sandbox. To record them from a real account, make a test user there who has one phone on
record, not activated, and nothing else; put the secret key of an Admin API application with Grant resource - Read,
Grant resource - Write and Grant read log into a file that only you can read; then

    python -m tests.record.duo --host api-XXXXXXXX.duosecurity.com --integration-key DI… --secret-key-file FILE \
        --user NAME --email ADDRESS --number +1… --application DI…

The test user gets a text message with an activation link and two bypass codes, both revoked again. User name,
address, number, host, codes, links, signatures, everybody's names and numbers, and the names of groups are replaced
before anything is written; read the cassette before you commit it all the same.
"""

import argparse
import re
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from connectors.duo import codes, groups, logs, phones, policies, users
from connectors.duo.model import BypassCode, CalculatedPolicy, Group, Phone, TelephonyEvent, User
from connectors.duo.transport import Admin
from connectors.gate import free
from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.applications import PORTAL
from connectors.sandbox.http import Server
from connectors.sandbox.people import DuoPhone, DuoProfile, Person
from connectors.sandbox.tls import certificates
from connectors.secret import Secret
from tests.record.scrub import Scrub, cassette

CASSETTE: Final = Path(__file__).parent.parent / "cassettes" / "duo" / "conversation.yaml"
HOST: Final = "api-xxxxxxxx.duosecurity.com"
WHEN: Final = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
HOURS: Final = timedelta(hours=8)
PRIVATE: Final = "realname|firstname|lastname|notes|name|desc|admin_email"
SECRETS: Final = (
    re.compile(r'"response": ?\["([0-9]+)"'),  # a bypass code
    re.compile(r'"response": ?"([0-9a-f]+)"'),  # an enrolment code
    re.compile(r"//m-[^/\"]+/[a-z]+/([0-9A-Za-z]+)"),  # an activation link
    re.compile(r"qr\?value=([^\"]+)"),  # the same as a picture
    re.compile(r'"phone": ?"\+([0-9]+)"'),  # of anybody's in the telephony log
    re.compile(rf'"(?:{PRIVATE})": ?"((?:[^"\\]|\\.)+)"'),
    re.compile(r"m(?:in|ax)time=([0-9]+)"),  # no secret, but never twice the same
)


@dataclass(frozen=True)
class Subject:
    """The test user, and the application whose policy is asked for."""

    username: str = "test.user"
    email: str = "test.user@example.edu"
    number: str = "+14805550100"
    application: str = "DIXXXXXXXXXXXXXXXXXX"


STAND_IN: Final = Subject()


@dataclass(frozen=True)
class Told:
    """What the connector made of a conversation."""

    user: User
    phone: Phone
    unknown: User | None
    code: Secret
    before: tuple[BypassCode, ...]
    after: tuple[BypassCode, ...]
    groups: tuple[Group, ...]
    policy: CalculatedPolicy
    texts: tuple[TelephonyEvent, ...]


def conversation(admin: Admin, subject: Subject, now: datetime) -> Told:
    """One of everything that the worker asks of Duo, enrolling apart."""
    (user,) = users.find(admin, subject.username)
    phone = phones.by_number(admin, subject.number)
    if phone is None:
        raise SystemExit("the test user's number isn't on record")
    phones.set_platform(admin, phone.phone_id, "generic smartphone")
    phones.text_activation(admin, phone.phone_id, valid_for=timedelta(hours=1))
    users.attach_phone(admin, user.user_id, phone.phone_id)
    codes.create(admin, user.user_id, valid_for=HOURS, uses=1)
    code = codes.create(admin, user.user_id, valid_for=HOURS - timedelta(seconds=10), uses=2)
    before = codes.listing(admin, user.user_id)
    for each in before:
        codes.revoke(admin, each.bypass_code_id)
    return Told(
        user=user,
        phone=phone,
        unknown=users.read(admin, "DU00000000000000000X"),
        code=code,
        before=before,
        after=codes.listing(admin, user.user_id),
        groups=groups.listing(admin),
        policy=policies.calculated(admin, subject.application, user.user_id),
        texts=logs.telephony(admin, now - timedelta(minutes=5), now).events,
    )


def client(host: str, port: int, key: str, secret_key: Secret, ca_file: str) -> Admin:
    return Admin(
        host,
        port,
        integration_key=key,
        secret_key=secret_key,
        ca_file=ca_file,
        timeout=timedelta(seconds=30),
        gate=free,
        stop=threading.Event(),
    )


def scrub(host: str = HOST, subject: Subject = STAND_IN) -> Scrub:
    """`host` and `subject` are the real ones."""
    names = {getattr(subject, name): value for name, value in vars(STAND_IN).items()}
    names[host.removeprefix("api-")] = HOST.removeprefix("api-")  # links lead to m-XXXXXXXX
    return Scrub(HOST, dict(sorted(names.items(), key=lambda pair: -len(pair[0]))), SECRETS)


def record(admin: Admin, subject: Subject, now: datetime) -> None:
    with cassette(CASSETTE, scrub(admin.host, subject), record=True):
        conversation(admin, subject, now)


def record_sandbox() -> None:
    subject = Subject(application=PORTAL)
    phone = DuoPhone(subject.number)
    profile = DuoProfile(phones=(phone,), groups=("Students",), email=subject.email)
    duo = Duo(lambda: WHEN, "DIXXXXXXXXXXXXXXXXXX", "0" * 40)
    duo.switches.clock_skew = None  # the sandbox's clock stands still, so that recording twice gives the same
    duo.switches.telephony_lag = timedelta()
    duo.add_person(Person(subject.username, "Test", "User", subject.email, duo=profile))
    with tempfile.TemporaryDirectory() as folder:
        trust = certificates(Path(folder))
        server = Server("duo", duo.app, tls=trust.server, clock=lambda: WHEN)
        try:
            admin = client("localhost", server.port, "DIXXXXXXXXXXXXXXXXXX", Secret("0" * 40), str(trust.ca_file))
            record(admin, subject, WHEN)
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("host", "integration-key", "secret-key-file", "user", "email", "number", "application"):
        parser.add_argument(f"--{name}")
    given = parser.parse_args()
    if given.host is None:
        record_sandbox()
        return
    if None in vars(given).values():
        parser.error("a real account needs all of them")
    secret_key = Secret(Path(given.secret_key_file).read_text().strip())
    subject = Subject(given.user, given.email, given.number, given.application)
    record(client(given.host, 443, given.integration_key, secret_key, ""), subject, datetime.now(UTC))  # noqa: TID251  a command of its own


if __name__ == "__main__":
    main()
