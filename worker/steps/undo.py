"""Steps that take back what another step did. They change nothing when repeated.

A step that can't take something back ends all the same and leaves in the journal what is alive and until when, for
the note: `alive` is a sentence, empty where nothing is left.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from connectors.duo import codes, phones, users
from connectors.errors import Refused
from worker.case import Case
from worker.ledger.rows import StepRow
from worker.markers import push_marker
from worker.steps.code_rows import token
from worker.steps.codes import SETTLED
from worker.steps.fingerprint import Fingerprint, matching, near
from worker.steps.step import Result

Alive = list[str]

LEFT: Final = {
    "revoke_code": "its bypass code could not be revoked",
    "delete_push": "its Password Pusher link could not be expired",
    "empty_field": "its passphrase still stands in the ticket's field, which could not be emptied",
    "detach_made_phone": "the phone it made could not be detached",
    "reattach_phones": "the phones it detached could not be given back",
}
"""What is said where a step was refused, before the system's own words."""


def shown(at: datetime) -> str:
    """A time for a technician."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def undoing(work: Callable[[Case, StepRow], tuple[list[str], Alive]]) -> Callable[[Case, StepRow], Result]:
    """`work` on the step that is undone, made a step: what it couldn't take back stays written down."""

    def act(case: Case, row: StepRow) -> Result:
        target = next(step for step in case.journal() if step.seq == row.target)
        if target.state == "forged":
            sentence = f"what {target.name} made can't be told: its row in the ledger was changed by hand"
            return Result(note={"undone": [], "alive": [sentence]})
        try:
            undone, alive = work(case, target)
        except Refused as refused:
            undone, alive = [], [f"{LEFT[row.name]}: {refused.detail}"]
        return Result(note={"undone": undone, "alive": alive})

    return act


def revoke_code(case: Case, target: StepRow) -> tuple[list[str], Alive]:
    """Every code that the step's attempts made, found by its fingerprint; other codes are never touched."""
    undone: list[str] = []
    alive: Alive = []
    attempts = [Fingerprint.of(intent) for intent in target.intents]
    for sought in attempts:
        until = sought.at + sought.life
        if until < case.now:
            continue
        listed = codes.listing(case.worker.systems.duo, sought.user_id)
        mine = matching(listed, sought)
        if len(mine) == 1:
            codes.revoke(case.worker.systems.duo, mine[0].bypass_code_id)
            undone.append(f"bypass code {mine[0].bypass_code_id} revoked")
        elif mine:
            alive.append(f"one of {len(mine)} bypass codes of Duo user {sought.user_id}, until {shown(until)}")
        elif near(listed, sought, known=[each for each in attempts if each.user_id == sought.user_id]):
            alive.append(f"perhaps a bypass code of Duo user {sought.user_id}: none has the life it was given")
        elif _may_come_late(case, target):
            alive.append(f"Duo may yet carry out a lost request for a bypass code; it would live until {shown(until)}")
    return undone, alive


def _may_come_late(case: Case, target: StepRow) -> bool:
    return (
        target.state not in ("done", "failed") and target.begun_at is not None and case.now < target.begun_at + SETTLED
    )


def delete_push(case: Case, target: StepRow) -> tuple[list[str], Alive]:
    """The push of every attempt."""
    pusher = case.worker.systems.password_pusher
    undone: list[str] = []
    known = token(case, target)
    if known is not None:
        pusher.expire(known)
        undone.append("Password Pusher link expired")
    for attempt in range(1, target.attempts + 1):
        if known is not None and attempt == target.attempts:
            continue
        push = pusher.find(push_marker(case, target, attempt))
        if push is not None:
            pusher.expire(push.token)
            undone.append("Password Pusher link of a lost attempt expired")
    return undone, []


def empty_field(case: Case, target: StepRow) -> tuple[list[str], Alive]:
    """The passphrase field, if this request may have written one; of a ticket that isn't shown any more as well."""
    if target.intent.get("passphrase") != "field":
        return [], []
    case.worker.systems.tickets.empty_passphrase(case.request.ticket_id)
    return ["passphrase field emptied"], []


def detach_made_phone(case: Case, target: StepRow) -> tuple[list[str], Alive]:
    """The phone the step made, unless the person activated it."""
    phone_id = target.result.get("phone_id")
    phone = phones.read(case.worker.systems.duo, phone_id) if phone_id else None
    if phone is None or phone.activated:
        return [], []
    for user_id in phone.user_ids:
        if user_id == case.request.duo_user_id:
            users.detach_phone(case.worker.systems.duo, user_id, phone.phone_id)
    return [f"phone {phone.phone_id} detached (never activated)"], []


def reattach_phones(case: Case, target: StepRow) -> tuple[list[str], Alive]:
    """The phones the step detached."""
    for phone_id in target.intent["phone_ids"]:
        users.attach_phone(case.worker.systems.duo, target.intent["user_id"], phone_id)
    return [f"phone {phone_id} given back" for phone_id in target.intent["phone_ids"]], []
