"""`code_in_push`: a bypass code is made and put into Password Pusher, as one step.

The digits are in memory between the two calls and nowhere else. When an answer is lost, the push is looked for by its
marker; if it isn't there, the code is found by its fingerprint and revoked, and another attempt may begin.

Source: Duo Admin API facts §4; Password Pusher facts §4–5.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.duo import codes
from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.password_pusher import Push
from worker.case import Case
from worker.gates import obey, patient
from worker.ledger import marks, steps
from worker.ledger.rows import StepRow
from worker.ledger.steps import Cap
from worker.markers import push_marker
from worker.steps.code_rows import NAME, passphrase, place_now, sealed
from worker.steps.fingerprint import PROBE, Fingerprint, matching
from worker.steps.step import CannotTell, Done, NextAttempt, NotYet, Result, Seen

if TYPE_CHECKING:
    from worker.worker import Delivery

APART = timedelta(seconds=10)
REMEMBERED = timedelta(hours=48)
SETTLED = timedelta(minutes=3)
"""After this long a call that got no answer isn't going to be carried out any more."""


def intend(case: Case, _row: StepRow) -> dict[str, Any]:
    """Which user, and a life that tells this code from every other of theirs.

    Raises:
        Refused: Nobody could be sent the link; nothing is made.
    """
    if not case.found.addresses.link_to:
        raise Refused("mail", "no-address", "there is no address on file that the link to a code could go to")
    request = case.request
    with case.worker.ledger.asking() as connection:
        earlier = steps.attempts_of_person(connection, request.system, request.person, NAME, case.now - REMEMBERED)
    life = case.worker.delivery.code_valid - APART * (earlier + 1)
    return {
        "key": case.worker.ledger.keys.current,
        "user_id": request.duo_user_id,
        "valid_secs": int(life.total_seconds()),
        "at": case.now.isoformat(),
        "until": (case.now + life).isoformat(),
        "passphrase": place_now(case),
    }


def act(case: Case, row: StepRow) -> Result:
    """Make the code, put it into a push; the journal gets the push's token and link, sealed."""
    worker = case.worker
    life = timedelta(seconds=row.intent["valid_secs"])
    made_at = case.now
    code = codes.create(worker.systems.duo, row.intent["user_id"], valid_for=life, uses=worker.delivery.code_uses)
    try:
        with patient():
            push = worker.systems.password_pusher.create(
                code,
                passphrase=passphrase(case, row),
                name=case.ticket.number,
                note=push_marker(case, row, row.attempts),
                days=worker.delivery.expire_after_days,
                views=worker.delivery.expire_after_views,
            )
    except (Unavailable, Misconfigured) as failed:
        obey(worker.ledger, failed)  # what is raised instead names no time
        raise Uncertain(failed.system, f"the code is made, but not in a push: {failed.detail}") from failed
    return _result(push, made_at + life)


def look(case: Case, row: StepRow) -> Seen:
    """Is the push there? If not: revoke what this attempt may have made, so that another may begin."""
    pusher = case.worker.systems.password_pusher
    push = pusher.find(push_marker(case, row, row.attempts))
    print_ = Fingerprint.of(row.intent)
    if push is not None and _is_as_asked(push, case.worker.delivery):
        return Done(_result(push, print_.at + print_.life))
    if push is not None:
        pusher.expire(push.token)
    if not _is_proven(case):
        return CannotTell(
            "an answer of Duo was lost and `duo-worker check --probe-user` has never proved that its code can be found"
        )
    mine = matching(codes.listing(case.worker.systems.duo, print_.user_id), print_)
    if len(mine) > 1:
        return CannotTell("an answer of Duo was lost and more than one bypass code could be the one it made")
    if mine:
        codes.revoke(case.worker.systems.duo, mine[0].bypass_code_id)
        return NextAttempt()
    settled = (row.begun_at or case.now) + SETTLED
    return NextAttempt() if case.now >= settled else NotYet(settled)


def cap(case: Case) -> Cap:
    """At most `codes_per_hour`, raised by a surge."""
    return Cap("the cap of codes an hour", (NAME,), case.worker.caps().codes_per_hour)


def _is_as_asked(push: Push, delivery: "Delivery") -> bool:
    """The server replaces values it doesn't like without a word; the lost answer would have shown it."""
    asked = (delivery.expire_after_days, delivery.expire_after_views, True, False)
    return (push.days, push.views, push.retrieval_step, push.deletable_by_viewer) == asked


def _result(push: Push, until: datetime) -> Result:
    return Result(note={"until": until.isoformat()}, secret=sealed(push.token, push.link))


def _is_proven(case: Case) -> bool:
    with case.worker.ledger.asking() as connection:
        return marks.get(connection, PROBE) is not None
