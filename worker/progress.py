"""How a delivered request goes on, as facts for the ladder: from Duo, its log, the link's own record, the ticket."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from connectors.duo.model import User
from connectors.password_pusher import View
from rules.facts import Progress
from worker.case import Case
from worker.devices import NewDevice, is_wanted, new_devices
from worker.ledger import sightings
from worker.ledger.rows import StepRow
from worker.ledger.sightings import Sighting
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.code_rows import token

CODE = "bypass_code"
FAILED, VIEWED = "failed_passphrase", "view"


@dataclass(frozen=True)
class Watched:
    """The facts, and the new devices they speak of."""

    progress: Progress
    devices: tuple[NewDevice, ...]


def watch(case: Case, user: User) -> Watched:
    """Costs the audit of the link where it matters: when something new was seen, or the person is to be reminded."""
    request, follow = case.request, case.worker.follow_up
    delivered = request.delivered_at or request.state_at
    devices = tuple(new_devices(user, request.baseline))
    seen = _sightings(case, delivered)
    used_at = _code_used_at(case, user, seen, delivered)
    reminded = bool(request.followed.get("reminded"))
    due_for_reminder = not reminded and case.now - delivered >= follow.remind_after
    audit = _audit(case) if devices or used_at or due_for_reminder else ()
    views = [view for view in audit if view.kind == VIEWED]
    return Watched(
        Progress(
            option=request.outcome,
            since_delivery=case.now - delivered,
            new_factors=len(devices),
            wanted_kind=any(is_wanted(device, request.outcome) for device in devices),
            strange_number=any(_is_strange(case, device) for device in devices),
            strange_country=_is_elsewhere(seen, follow.expected_countries),
            code_used=used_at is not None,
            since_code_used=max(case.now - used_at, case.now - case.now) if used_at else Progress().since_code_used,
            alive=any(until > case.now for until in _ends(case)),
            opened=bool(views),
            failed_passphrases=sum(view.kind == FAILED for view in audit),
            viewing_networks=len({_network(view) for view in views}),
            reminded=reminded,
            reissued=int(request.followed.get("reissued", 0)),
            commented=_is_commented(case, delivered),
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
    if not case.request.outcome.endswith(CODE) and not case.request.then_option.endswith(CODE):
        return None
    by_log = [one.at for one in seen if one.factor == CODE]
    if by_log:
        return by_log[0]
    had_another = any(case.request.baseline.get(name) for name in ("activated", "keys", "tokens"))
    logged_in = user.last_login is not None and user.last_login > delivered
    return user.last_login if logged_in and not had_another else None


def _is_strange(case: Case, device: NewDevice) -> bool:
    if device.kind != "phone" or not device.number:
        return False
    known = case.request.baseline.get("phones", [])
    made = [row.result.get("phone_id") for row in case.journal() if row.name == "create_phone"]
    return device.id not in (*known, *made) and device.number != case.ticket.answers.phone_number


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
    person = case.ticket.person.user_name.casefold()
    notes = (note for note in case.ticket.notes if note.kind == "comment" and note.at > delivered)
    return any(person != "" and note.author.casefold() == person for note in notes)
