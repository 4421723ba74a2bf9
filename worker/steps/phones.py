"""Steps on Duo users and phones: made, attached, given a platform, texted an activation link, mailed an enrolment link.

Source: Duo Admin API facts §3, §5, §6.
"""

from datetime import timedelta
from typing import Any

import structlog

from connectors.duo import phones, users
from connectors.errors import Refused
from worker.case import Case, SeenPhone
from worker.ledger import history
from worker.ledger.rows import StepRow
from worker.ledger.steps import Cap
from worker.steps.step import Again, CannotTell, Done, NextAttempt, NotYet, Result, Seen, one_by_one

log = structlog.get_logger()

PLATFORMS = {"ios": "apple ios", "android": "google android"}
GENERIC = "generic smartphone"
LOG_LAG = timedelta(minutes=3)
BEFORE = timedelta(minutes=2)


def create_user(case: Case, _row: StepRow) -> Result:
    """The person becomes a Duo user, without any device.

    Duo gets the ticket system's address only where that is on file: one that was edited first must not become Duo's.
    """
    person = case.ticket.person
    email = person.email if person.email in case.found.addresses.on_file else ""
    made = users.create(
        case.worker.systems.duo, username=person.user_name, email=email, first_name=person.first_name, last_name=""
    )
    return _now_a_user(case, made.user_id)


def look_for_user(case: Case, _row: StepRow) -> Seen:
    """The user by name."""
    found = users.find(case.worker.systems.duo, case.ticket.person.user_name)
    if len(found) == 1:
        return Done(_now_a_user(case, found[0].user_id))
    return Again() if not found else CannotTell("more than one Duo user has this name now")


def _now_a_user(case: Case, user_id: str) -> Result:
    """The facts were read of somebody whom Duo didn't know: they are read anew before the next step."""
    case.gathered = None
    return Result(note={"user_id": user_id}, values={"duo_user_id": user_id})


def create_phone(case: Case, _row: StepRow) -> Result:
    """The phone of the typed number; marked for good as made by the worker.

    One that an earlier round made and gave up again is nobody's, and is taken up.
    """
    try:
        made = phones.create(case.worker.systems.duo, number=case.found.number, platform=_platform(case))
    except Refused as refused:
        left = phones.by_number(case.worker.systems.duo, case.found.number)
        if left is None or left.user_ids or not _is_made_by_us(case, left.phone_id):
            raise
        log.info("phone_taken_up", ticket=case.request.number, code=refused.code)
        made = left
    return Result(note={"phone_id": made.phone_id}, made_phone=made.phone_id)


def _is_made_by_us(case: Case, phone_id: str) -> bool:
    with case.worker.ledger.reading() as connection:
        return phone_id in history.made_by_worker(connection)


def look_for_phone(case: Case, _row: StepRow) -> Seen:
    """The phone by its number: ours if nobody has it but this person."""
    found = phones.by_number(case.worker.systems.duo, case.ticket.answers.phone_number)
    if found is None:
        return Again()
    if set(found.user_ids) <= {case.request.duo_user_id}:
        return Done(Result(note={"phone_id": found.phone_id}, made_phone=found.phone_id))
    return CannotTell("the phone's number is on somebody else's Duo record now")


def attach_phone(case: Case, _row: StepRow) -> Result:
    """The phone that was just made, to this person."""
    users.attach_phone(case.worker.systems.duo, case.request.duo_user_id, made_phone(case))
    return Result()


def set_platform(case: Case, _row: StepRow) -> Result:
    """What the form says the phone is, else generic smartphone: Duo texts no link while it is Unknown."""
    platform = _platform(case)
    phones.set_platform(case.worker.systems.duo, case.found.smartphone_id, platform)
    return Result(note={"platform": platform})


def intend_text(case: Case, _row: StepRow) -> dict[str, Any]:
    """Which phone, from fresh answers, and whether it was activated: what is looked at when the answer is lost."""
    phone_id = texted_phone(case)
    own_phones = case.found.user.phones if case.found.user else ()
    activated = any(phone.phone_id == phone_id and phone.activated for phone in own_phones)
    until = case.now + case.worker.delivery.activation_valid
    return {"phone_id": phone_id, "activated": activated, "until": until.isoformat()}


def text_activation(case: Case, row: StepRow) -> Result:
    """Duo texts the activation link."""
    valid_for = case.worker.delivery.activation_valid
    phones.text_activation(case.worker.systems.duo, row.intent["phone_id"], valid_for=valid_for)
    return Result(note={"until": (case.now + valid_for).isoformat()})


def look_for_text(case: Case, row: StepRow) -> Seen:
    """Activated already, or in the telephony log; the log is complete after some minutes only."""
    begun = row.begun_at or case.now
    sent = Result(note={"until": (begun + case.worker.delivery.activation_valid).isoformat()})
    phone = phones.read(case.worker.systems.duo, row.intent["phone_id"])
    if phone is None:
        return CannotTell("the phone is no longer in Duo, and a link may have been texted to it")
    if phone.activated and not row.intent["activated"]:
        return Done(sent)
    if case.now < begun + LOG_LAG:
        return NotYet(begun + LOG_LAG)
    told = case.worker.telephony.told(case.worker.systems.duo, begun - BEFORE, begun + LOG_LAG)
    texts = [event for event in told.events if event.type == "sms" and event.phone == phone.number]
    if any(event.at >= begun - BEFORE for event in texts):
        return Done(sent)
    return _not_in_the_log(row, whole=not told.more)


def _not_in_the_log(row: StepRow, *, whole: bool) -> Seen:
    if not whole:
        return CannotTell("Duo's telephony log of those minutes is longer than one reading tells")
    if row.attempts >= TEXT_ATTEMPTS:
        return CannotTell("the answer to a second text was lost as well, and Duo's telephony log shows none")
    return NextAttempt()


TEXT_ATTEMPTS = 2


def intend_mail(case: Case, _row: StepRow) -> dict[str, Any]:
    """Until when the link would work."""
    return {"until": (case.now + case.worker.delivery.enrollment_valid).isoformat()}


def mail_enrollment(case: Case, _row: StepRow) -> Result:
    """Duo is asked to mail an enrolment link to the address on file that links go to.

    That is the second address where there is one: it may be what proves the person, and Duo's own may open with the
    password alone.
    """
    user, address = case.found.user, case.found.addresses.link_to
    if user is None or not address:
        raise Refused("duo", "no-email", "there is no address on file to mail an enrolment link to")
    valid_for = case.worker.delivery.enrollment_valid
    users.enroll(case.worker.systems.duo, username=user.username, email=address, valid_for=valid_for)
    return Result(note={"until": (case.now + valid_for).isoformat()})


def look_for_enrollment(_case: Case, _row: StepRow) -> Seen:
    """Nothing in Duo shows whether the mail was asked for."""
    return CannotTell("Duo's answer to asking for an enrolment mail was lost, and nothing shows whether it was sent")


def intend_detaching(case: Case, _row: StepRow) -> dict[str, Any]:
    """Which phones, so that they can be given back."""
    user = case.found.user
    return {
        "user_id": case.request.duo_user_id,
        "phone_ids": [phone.phone_id for phone in user.phones] if user else [],
    }


def detach_phones(case: Case, row: StepRow) -> Result:
    """The person's dead phones, so that Duo will mail an enrolment link."""
    duo, user_id = case.worker.systems.duo, row.intent["user_id"]
    one_by_one(row.intent["phone_ids"], lambda phone_id: users.detach_phone(duo, user_id, phone_id))
    return Result(note={"phone_ids": row.intent["phone_ids"]})


def phones_cap(case: Case) -> Cap:
    """At most `phones_per_hour`, raised by a surge."""
    return Cap("the cap of phones an hour", ("create_phone", "activation_text"), case.worker.caps().phones_per_hour)


def made_phone(case: Case) -> str:
    """The phone this request made, as Duo named it within a minute: the journal's id counts only if Duo agrees."""
    if case.made_phone and case.made_phone.is_fresh(case.now):
        return case.made_phone.phone_id
    step = case.done("create_phone")
    found = phones.by_number(case.worker.systems.duo, case.ticket.answers.phone_number)
    if step is None or found is None or found.phone_id != step.result["phone_id"]:
        raise Refused("duo", "other-phone", "the phone that was made is not the one with this number any more")
    case.made_phone = SeenPhone(found.phone_id, case.now)
    return found.phone_id


def texted_phone(case: Case) -> str:
    """The phone that is texted: the one just made, else the one on record."""
    return made_phone(case) if case.request.outcome == "mobile.add_phone" else case.found.smartphone_id


def _platform(case: Case) -> str:
    return PLATFORMS.get(case.ticket.answers.phone_os, GENERIC)
