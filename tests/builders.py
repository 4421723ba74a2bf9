"""Values for tests, complete and ordinary, so that a test says only what differs.

The ordinary case: Dana Reyes, who got texts on a phone on her Duo record, filed for Duo Mobile an hour before `NOW`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from connectors.duo import model
from worker.directory import Directory
from worker.facts.known import Known
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Answers, Note, Person, Ticket

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
FILED = NOW - timedelta(hours=1)
LONG_AGO = NOW - timedelta(days=400)

ME = "duo.worker"
DESK = "ira.desk"  # of the identity desk
COLLEAGUE = "joy.desk"  # of the identity desk as well
AGENT = "sam.agent"  # of the service desk
MARKER = "duo-worker:"

NUMBER = "+14805550142"  # on Dana's Duo record
OTHER_NUMBER = "+16025550198"
DISTRICT_MAIL = "dana.reyes@example.edu"
PERSONAL_MAIL = "dana@mail.example"


def a_person(**differs: Any) -> Person:
    dana = Person(id="a" * 32, user_name="dana.reyes", first_name="Dana", email=DISTRICT_MAIL)
    return replace(dana, **differs)


def somebody(user_name: str) -> Person:
    return Person(id=user_name, user_name=user_name, first_name="Pat", email=f"{user_name}@example.edu")


def a_ticket(**differs: Any) -> Ticket:
    """Opened by its person, unless `opener` says otherwise; `device`, `phone_number`, … are answers of the form."""
    answers = {name: differs.pop(name) for name in tuple(differs) if name in Answers.__dataclass_fields__}
    person = differs.get("person", a_person())
    ticket = Ticket(
        system="servicenow",
        id="c" * 32,
        number="SCTASK0010001",
        other_numbers=("RITM0010001", "REQ0010001"),
        kind="enrollment",
        person=person,
        opener=person,
        persons_agree=True,
        answers=replace(Answers(device="duo_mobile"), **answers),
        problems=(),
        approval="none",
        approvers=(),
        state="open",
        assignee="",
        watched=False,
        filed_at=FILED,
        changed_at=FILED,
        answers_at=FILED,
        stamp="0/0",
        notes=(),
        read_at=NOW,
    )
    return replace(ticket, **differs)


def a_note(
    text: str,
    *,
    by: str = DESK,
    at: datetime = NOW - timedelta(minutes=5),
    kind: Literal["comment", "work_note"] = "work_note",
) -> Note:
    return Note(id=f"{by}{at:%H%M%S}", at=at, kind=kind, author=by, text=text)


def a_phone(number: str = NUMBER, **differs: Any) -> model.Phone:
    """A phone that texts went to: mobile, platform unknown, the app never activated."""
    phone = model.Phone(phone_id=f"DP{number[-8:]}", number=number, type="mobile", capabilities=("sms", "phone"))
    return replace(phone, **differs)


def a_working_phone(number: str = NUMBER, **differs: Any) -> model.Phone:
    working = a_phone(number, platform="apple ios", activated=True, capabilities=("push", "mobile_otp", "sms"))
    return replace(working, **differs)


def a_user(**differs: Any) -> model.User:
    """Dana in Duo, with one phone that texts went to."""
    user = model.User(
        user_id="DUDANAREYES",
        username="dana.reyes",
        email=DISTRICT_MAIL,
        first_name="Dana",
        status="active",
        last_login=NOW - timedelta(days=9),
        created=LONG_AGO,
        phones=(a_phone(),),
    )
    return replace(user, **differs)


def known(**differs: Any) -> Known:
    """What the ledger says of a request it has seen before, of somebody about whom there is nothing to tell."""
    return replace(Known(in_ledger=True), **differs)


def the_policy(**differs: Any) -> PolicySettings:
    policy = PolicySettings(
        require_proof=True,
        identity_groups=("Identity Desk",),
        identity_methods=("photo-id-in-person", "photo-id-video", "call-back-to-number-on-record"),
        same_login_domains=("example.edu",),
        service_desk_groups=("Service Desk",),
        codes_per_person=3,
        per_opener=20,
        max_request_age=timedelta(days=14),
        phone_regions=("US",),
        match_by_email=False,
        retire_dead_phones=False,
        retire_check_applications=(),
        create_users=False,
        notice_copy="",
    )
    return replace(policy, **differs)


def a_directory(**differs: Any) -> Directory:
    directory = Directory(
        duo_groups={"Staff": "active", "Duo Admins": "active", "Leavers": "disabled"},
        privileged=frozenset({"Duo Admins"}),
        members={"Identity Desk": frozenset({DESK, COLLEAGUE}), "Service Desk": frozenset({AGENT})},
        read_at=NOW - timedelta(minutes=15),
    )
    return replace(directory, **differs)


def in_groups(*names: str) -> Sequence[model.Group]:
    """Groups as a user's record has them: without their status."""
    return tuple(model.Group(group_id=f"DG{name.upper().replace(' ', '')}", name=name) for name in names)
