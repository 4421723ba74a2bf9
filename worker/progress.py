"""How a delivered request goes on, as facts for the ladder: from Duo, its log, the link's own record, the ticket."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.duo.model import User
from connectors.password_pusher import View
from rules.facts import Progress
from rules.plan import given
from worker.case import Case
from worker.devices import NewDevice, is_wanted, new_devices
from worker.facts.phones import same_number
from worker.ledger import marks, sightings
from worker.ledger.rows import StepRow
from worker.ledger.sightings import Sighting
from worker.log_watch import LAG, MARK
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.code_rows import token

PATIENCE = timedelta(minutes=30)
"""How long a new device waits for Duo's log; then the rest of the evidence must do."""
CODE = "bypass_code"
FAILED, VIEWED = "failed_passphrase", "view"
CHECKED = frozenset({"desk", "approval"})
"""Proofs by which somebody has looked at the request, its number included."""
SEEN_AT = "seen_at"
"""Of `followed`: when a new device was first seen."""


@dataclass(frozen=True)
class Watched:
    """The facts, and the new devices they speak of."""

    progress: Progress
    devices: tuple[NewDevice, ...]


def watch(case: Case, user: User) -> Watched:
    """Costs the audit of the link where it matters: something new was seen, the person wrote or is to be reminded."""
    request, follow = case.request, case.worker.follow_up
    delivered = request.delivered_at or request.state_at
    devices = tuple(new_devices(user, request.baseline))
    seen = _sightings(case, delivered)
    used_at = _code_used_at(case, user, seen, delivered)
    reminded = bool(request.followed.get("reminded"))
    due_for_reminder = not reminded and case.now - delivered >= follow.remind_after
    commented = _is_commented(case, delivered)
    audit = _audit(case) if devices or used_at or due_for_reminder or commented else ()
    views = [view for view in audit if view.kind == VIEWED]
    return Watched(
        Progress(
            option=request.outcome,
            gave=given(request.outcome, request.then_option),
            since_delivery=case.now - delivered,
            new_factors=len(devices),
            wanted_kind=any(is_wanted(device, request.outcome) for device in devices),
            strange_number=any(_is_strange(case, device) for device in devices),
            strange_country=_is_elsewhere(seen, follow.expected_countries),
            log_read=not follow.expected_countries or _is_log_read(case),
            code_used=used_at is not None,
            since_code_used=max(case.now - used_at, case.now - case.now) if used_at else Progress().since_code_used,
            alive=any(until > case.now for until in _ends(case)),
            opened=bool(views),
            failed_passphrases=sum(view.kind == FAILED for view in audit),
            viewing_networks=len({_network(view) for view in views}),
            reminded=reminded,
            reissued=int(request.followed.get("reissued", 0)),
            commented=commented,
            remind_after=follow.remind_after,
            give_up_after=follow.give_up_after,
        ),
        devices,
    )


def _sightings(case: Case, since: datetime) -> list[Sighting]:
    with case.worker.ledger.reading() as connection:
        return sightings.of(connection, case.request.duo_user_id, since)


def _code_used_at(case: Case, user: User, seen: list[Sighting], delivered: datetime) -> datetime | None:
    """When the code was first used: by the log, else by a log-in since, where nothing else could have served for it."""
    if given(case.request.outcome, case.request.then_option) != CODE:
        return None
    by_log = [one.at for one in seen if one.factor == CODE]
    if by_log:
        return by_log[0]
    had_another = any(case.request.baseline.get(name) for name in ("activated", "keys", "tokens"))
    logged_in = user.last_login is not None and user.last_login > delivered
    return user.last_login if logged_in and not had_another else None


def _is_strange(case: Case, device: NewDevice) -> bool:
    """A phone that neither the record nor anybody who knows the person spoke for; a tablet has no number at all.

    The number in the ticket is a claim: it counts where a person checked the request, or the number itself.
    """
    if device.kind != "phone":
        return False
    made = [row.result.get("phone_id") for row in case.journal() if row.name == "create_phone"]
    if device.id in (*case.request.baseline.get("phones", []), *made):
        return False
    person, proofs = case.ticket.person, case.request.proof.split(", ")
    vouched = [*person.trusted_numbers, *([case.ticket.answers.phone_number] if CHECKED.intersection(proofs) else [])]
    return not any(device.number and same_number(device.number, number) for number in vouched if number)


def _is_log_read(case: Case) -> bool:
    """Whether Duo's log was read after what was seen had time to appear in it, or for that nobody waits longer."""
    seen_at = datetime.fromisoformat(case.request.followed.get(SEEN_AT) or case.now.isoformat())
    with case.worker.ledger.reading() as connection:
        mark = marks.get(connection, MARK)
    return case.now - seen_at >= PATIENCE or (mark is not None and mark[1] >= seen_at + LAG)


def _is_elsewhere(seen: list[Sighting], expected: tuple[str, ...]) -> bool:
    return bool(expected) and any(one.country and one.country not in expected for one in seen)


def _audit(case: Case) -> tuple[View, ...]:
    rows = [row for row in _this_round(case) if row.name == CODE_STEP and row.secret]
    known = token(case, rows[-1]) if rows else None
    return case.worker.systems.password_pusher.audit(known) if known else ()


def _ends(case: Case) -> list[datetime]:
    return [datetime.fromisoformat(row.result["until"]) for row in _this_round(case) if row.result.get("until")]


def _this_round(case: Case) -> list[StepRow]:
    return [row for row in case.journal() if row.round == case.request.round]


def _network(view: View) -> str:
    """The network an address is in, as far as one household or office has several; an unreadable one is its own."""
    try:
        address = ipaddress.ip_address(view.ip)
    except ValueError:
        return view.ip
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _is_commented(case: Case, delivered: datetime) -> bool:
    """Stamps of notes are whole seconds, so one of the same second counts: it may well have come after."""
    person, since = case.ticket.person.user_name.casefold(), delivered.replace(microsecond=0)
    notes = (note for note in case.ticket.notes if note.kind == "comment" and note.at >= since)
    return any(person != "" and note.author.casefold() == person for note in notes)
