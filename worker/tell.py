"""What is said at each moment: the case as the context of the texts, and the texts as a `Moment` or a mail."""

from datetime import datetime, timedelta
from typing import Any

from connectors.secret import Secret
from worker.addresses import Place, channels
from worker.case import Case
from worker.ledger.rows import StepRow
from worker.steps import code_rows
from worker.texts.context import TextContext
from worker.texts.texts import MailText
from worker.texts.words import masked
from worker.tickets.ticket import Moment, MomentName
from worker.undo import alive, undone

MOMENTS: dict[str, MomentName] = {
    "take": "taken",
    "tell_delivered": "delivered",
    "tell_held": "held",
    "tell_reminder": "reminder",
    "tell_given_up": "given_up",
    "tell_refused": "refused",
    "tell_stepped_back": "stepped_back",
    "tell_closed": "closed",
    "tell_enrolled": "enrolled",
}
"""Which moment a step of the ticket brings about."""


def moment_of(case: Case, row: StepRow, marker: str) -> Moment:
    """What is written to the ticket by the step `row`; the same however often it is asked.

    State and assignment of a ticket that somebody else has, or closed, are left alone: only the notes are written.
    """
    name = MOMENTS[row.name]
    ours = case.ticket.state != "closed" and case.ticket.assignee.casefold() in ("", case.worker.me.casefold())
    context = context_of(case, at=row.begun_at or case.now)
    notes = case.worker.texts.notes(name, context)
    delivered = name == "delivered"
    return Moment(
        name=name if ours else "stepped_back",
        comment=notes.comment,
        work_note=notes.work_note,
        marker=marker,
        passphrase=_field_passphrase(case) if delivered else None,
    )


def notice_mail(case: Case, row: StepRow, **more: str) -> MailText:
    """The notice that access is being issued, or that a device was added: no link, no code."""
    return case.worker.texts.mail("notice", context_of(case, at=row.begun_at or case.now, **more))


def link_mail(case: Case, row: StepRow, link: Secret) -> MailText:
    """The mail with the link."""
    return case.worker.texts.mail("link", context_of(case, at=row.begun_at or case.now, link=link))


def context_of(case: Case, *, at: datetime, **more: Any) -> TextContext:
    """Everything that texts may say of the case; `at` is when the text was first to be sent."""
    request, worker = case.request, case.worker
    journal = case.journal()
    return TextContext(
        ticket=case.ticket.number,
        now=at,
        first_name=case.ticket.person.first_name,
        option=request.outcome if "." in request.outcome else "",
        then=request.then_option,
        row=request.rule_row,
        reason=request.because,
        proof=request.evidence if request.proof else (),
        proof_required=worker.policy.require_proof,
        guards_off=worker.guards_off,
        undone=tuple(undone(journal)),
        left_alive=tuple(alive(journal, case.now)),
        do=request.next_step,
        device=" and ".join(request.followed.get("devices", ())),
        evidence=tuple(request.followed.get("devices", ())),
        unusual=request.followed.get("unusual", ""),
        link_opened=bool(request.followed.get("opened")),
        tried=_tried(journal),
        give_up_closes=worker.follow_up.closes,
        worker_account=worker.me,
        identity_methods=worker.policy.identity_methods,
        other_ticket=request.next_step if request.how == "enrolled elsewhere" else "",
        **_delivery(case, journal),
        **more,
    )


def _delivery(case: Case, journal: list[StepRow]) -> dict[str, Any]:
    delivery = case.worker.delivery
    this_round = [row for row in journal if row.round == case.request.round and row.state == "done"]
    said: dict[str, Any] = {
        "done": tuple(_done(row) for row in this_round if row.name in _DONE),
        "code_uses": delivery.code_uses,
        "code_valid_for": delivery.code_valid,
        "push_expires_days": delivery.expire_after_days,
        "push_expires_views": delivery.expire_after_views,
        "activation_valid_for": delivery.activation_valid,
        "enrollment_valid_for": delivery.enrollment_valid,
    }
    if case.gathered is not None:
        said |= {"number_ending": case.found.number[-2:], "address_hint": _hint(case)}
    for row in this_round:
        if row.name in _UNTIL:
            said[_UNTIL[row.name]] = datetime.fromisoformat(row.result["until"])
        if row.name == code_rows.NAME:
            said |= _code(case, row)
    return said


def _code(case: Case, row: StepRow) -> dict[str, Any]:
    place: Place = "none" if code_rows.is_seen(case, row) else row.intent["passphrase"]
    said: dict[str, Any] = {
        "passphrase_at": place,
        "channels": channels(place),
        "code_valid_for": timedelta(seconds=row.intent["valid_secs"]),
    }
    secret = code_rows.passphrase(case, row)
    return said | ({"passphrase": secret} if place == "ticket" and secret else {})


def _tried(journal: list[StepRow]) -> tuple[str, ...]:
    ended = ((_SAID[row.name], row.ended_at) for row in journal if row.name in _SAID and row.ended_at)
    return tuple(f"{what} on {at:%Y-%m-%d %H:%M} UTC" for what, at in ended)


def _done(row: StepRow) -> str:
    known = {**row.intent, **row.result}
    return _DONE[row.name].format_map(known | {"phone_ids": ", ".join(known.get("phone_ids", ()))})


def _hint(case: Case) -> str:
    return masked(case.found.addresses.link_to)


def _field_passphrase(case: Case) -> Secret | None:
    row = case.done(code_rows.NAME)
    return code_rows.passphrase(case, row) if row and row.intent["passphrase"] == "field" else None


_UNTIL = {
    "code_in_push": "code_valid_until",
    "activation_text": "activation_until",
    "enrollment_mail": "enrollment_until",
}
_SAID = {"tell_delivered": "delivered", "tell_reminder": "reminded"}
_DONE = {
    "create_user": "Duo user {user_id} made",
    "create_phone": "phone {phone_id} made",
    "attach_phone": "the phone attached to the person",
    "set_platform": "the phone's platform set to {platform}",
    "detach_phones": "phones taken off the record: {phone_ids}",
    "code_in_push": "one bypass code made for Duo user {user_id}, in a Password Pusher link",
    "link_mail": "the link mailed to the address on file",
    "activation_text": "Duo asked to text an activation link",
    "enrollment_mail": "Duo asked to mail an enrolment link",
    "notice": "notice mailed to {count} other address(es)",
}
