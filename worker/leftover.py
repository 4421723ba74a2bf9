"""What a request left alive after its end although the journal says that it was taken back.

How that comes about: a call whose answer was lost is carried out after it was looked for. The undo list runs again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from connectors.duo import codes
from connectors.errors import Refused
from worker.case import Case
from worker.findings import Finding, report
from worker.ledger import events, leases
from worker.ledger.rows import Planned, Request, StepRow
from worker.markers import push_marker
from worker.parking import is_dangerous, put_down
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.code_rows import token
from worker.steps.fingerprint import Fingerprint, matching
from worker.steps.table import UNDO_STEPS
from worker.undo import undo_list
from worker.worker import Worker

CHECKED = "checked_after_the_end"
ENDED_BY_US = "expire"
VIEWED = ("view", "failed_view")


@dataclass(frozen=True)
class Leftover:
    """Something alive: the undo step that takes it back, and the `seq` of the step that made it."""

    kind: Literal["code_alive", "push_alive"]
    undo: Literal["revoke_code", "delete_push"]
    target: int


SENTENCES = {
    "code_alive": "its bypass code was alive after its end; it is revoked again",
    "push_alive": "its Password Pusher link was alive after its end; it is expired again",
    "never_undone": "what it had made was never taken back; it is now",
}


def look_at_the_end(case: Case) -> None:
    """Undo again what an ended request left alive, or write down that nothing is; a Duo user that is gone has nothing.

    Raises:
        ConnectorError: It couldn't be told; nothing is written.
    """
    try:
        found = list(left_over(case))
    except Refused as refused:
        return _note(case, said=f"{refused.system} refused: {refused.code}")
    if not found:
        return _note(case, alive="nothing")
    _undo_again(case, [Planned(each.undo, each.target) for each in found], "found_alive")
    return _report(case, *(each.kind for each in found))


def left_over(case: Case) -> Iterator[Leftover]:
    """What is alive of an ended request. Costs a call for each code and push whose time isn't over."""
    for row in case.journal():
        if row.name == CODE_STEP and row.attempts:
            if _is_code_alive(case, row):
                yield Leftover("code_alive", "revoke_code", row.seq)
            if _is_push_alive(case, row):
                yield Leftover("push_alive", "delete_push", row.seq)


def undo_the_rest(case: Case) -> None:
    """What an ended request never took back is its next thing to do, planned already or not."""
    left = undo_list(case.journal())
    if left:
        _undo_again(case, left, "found_never_undone")
        _report(case, "never_undone")


def claimed(worker: Worker, request: Request, work: Callable[[Case], None]) -> None:
    """Do it while nobody else has the request; without effect where somebody has, or it has moved on."""
    claim = leases.claim(worker.ledger, request.id, owner=worker.owner, lease=worker.lease, due_by=None)
    if claim is None:
        return
    with put_down(worker, claim) as case:
        if claim.request.state is request.state and not is_dangerous(claim.request.bugs, claim.request.deaths):
            work(case)


def _is_code_alive(case: Case, row: StepRow) -> bool:
    """Of several that could be it none is touched; that was told when they were to be revoked."""
    now, duo = case.now, case.worker.systems.duo
    for sought in map(Fingerprint.of, row.intents):
        listed = codes.listing(duo, sought.user_id) if sought.at + sought.life > now else ()
        valid = [code for code in listed if code.expiration is not None and code.expiration > now]
        if len(matching(valid, sought)) == 1:
            return True
    return False


def _is_push_alive(case: Case, row: StepRow) -> bool:
    """By its record where its token is known, however many pushes there are; else it is looked for by its marker."""
    pusher, delivery = case.worker.systems.password_pusher, case.worker.delivery
    if row.begun_at is None or row.begun_at + timedelta(days=delivery.expire_after_days) <= case.now:
        return False
    known = token(case, row)
    lost = range(1, row.attempts + (known is None))
    if any(pusher.find(push_marker(case, row, attempt)) for attempt in lost):
        return True
    kinds = [view.kind for view in pusher.audit(known)] if known else [ENDED_BY_US]
    views = sum(kind in VIEWED for kind in kinds)
    return bool(kinds) and ENDED_BY_US not in kinds and views < delivery.expire_after_views


def _undo_again(case: Case, steps: list[Planned], event: str) -> None:
    """They are the request's next steps; what it had to say still comes after them, and its end stays when it was."""
    request = case.request
    rest = [Planned(row.name, row.target) for row in case.pending() if row.name not in UNDO_STEPS]
    case.move(request.state, event, plan=[*steps, *rest], state_at=request.state_at)


def _note(case: Case, **detail: str) -> None:
    with leases.fenced(case.worker.ledger, case.claim) as connection:
        events.note(connection, case.request.id, CHECKED, case.now, **detail)


def _report(case: Case, *kinds: str) -> None:
    number, now = case.request.number, case.now
    with case.worker.ledger.writing() as connection:
        report(connection, [Finding(kind, number, f"{number}: {SENTENCES[kind]}", now) for kind in kinds], now)
