"""May this request still be acted on? Asked ahead of every step, on answers at most a minute old.

Whom, which number and which address come from fresh answers: where one differs from what was decided on, the ledger or
the ticket was changed, and a person looks.
"""

from sqlalchemy import Connection

from rules.decide import recheck
from rules.facts import Own, without
from rules.plan import ISSUING, possible
from worker.brakes import pause_in
from worker.case import Case
from worker.deciding import look_up
from worker.endings import Reason
from worker.fulfil import Wait
from worker.hand_over import stopped
from worker.ledger.database import Check, nothing
from worker.ledger.rows import StepRow
from worker.ledger.states import State
from worker.pacing import SOON
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.code_rows import is_seen


class Interrupted(Exception):
    """People did something on the ticket: deal with that first."""


class Tampered(Exception):
    """A step stands in the journal that the decided option doesn't have: it was put there by hand."""


class Forbidden(Exception):
    """A guard fires, or something isn't what was decided on."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.row)
        self.reason = reason


def allow(case: Case, row: StepRow) -> Check:
    """Return if the step may be sent, with what must hold when it begins.

    Undoing and telling always may; what issues something only while it is decided.

    Raises:
        Wait: Issuing is paused.
        Interrupted: The ticket was closed or taken, or `#revoke` was asked.
        Forbidden: It must be held.
        Tampered: The journal holds a step that nobody planned.
    """
    if row.name not in ISSUING:
        return nothing
    request, now = case.request, case.now
    if request.state is not State.ACTING or row.name not in possible(request.outcome, request.then_option):
        raise Tampered(row.name)
    _refuse_listeners(case, row)
    if stopped(case):
        raise Interrupted(case.request.number)

    def goes_on(connection: Connection) -> None:
        if (brake := pause_in(connection)) is not None:
            raise Wait(now + SOON, f"issuing is paused: {brake.why}")

    if not case.is_fresh():
        with case.worker.ledger.reading() as connection:
            goes_on(connection)  # before anything is asked for in vain
        look_up(case)
        _check(case)
    return goes_on


def _refuse_listeners(case: Case, row: StepRow) -> None:
    """A passphrase is written for nobody but the person: just before, the ticket is read once more.

    Raises:
        Forbidden: Somebody watches the ticket since the code was made.
    """
    made = case.done(CODE_STEP) if row.name in ("link_mail", "tell_delivered") else None
    if made is None or made.intent.get("passphrase") != "ticket":
        return
    case.worker.tickets.read(case.request.ticket_id)
    if is_seen(case, made):
        because = "since the code was made somebody watches the ticket, who would read the passphrase; it was revoked"
        do = "ask the watcher why; then assign the ticket to the worker, which finds another way for the passphrase"
        raise Forbidden(Reason("passphrase-watched", because, do))


def _check(case: Case) -> None:
    request = case.request
    facts = without(case.found.facts, own(case))
    fired = recheck(facts, case.worker.tables.guards, request.outcome, request.then_option)
    if fired is not None:
        raise Forbidden(Reason(fired.row, fired.because, fired.next_step))
    changed = _differs(case)
    if changed:
        do = "compare the request with the person's record, then assign it to the worker to have it decided again"
        raise Forbidden(Reason("changed-since-decided", f"{changed} is not what the request was decided on", do))


def own(case: Case) -> Own:
    """What the request did itself, which is no reason against it. Its codes aren't among the facts to begin with."""
    rows = [row for row in case.journal() if row.round == case.request.round and row.attempts]
    return Own(
        phones=frozenset(row.result["phone_id"] for row in rows if row.name == "create_phone" and row.result),
        detached=frozenset(phone for row in rows if row.name == "detach_phones" for phone in row.intent["phone_ids"]),
        created_user=any(row.name == "create_user" and row.result for row in rows),
    )


def _differs(case: Case) -> str:
    request, found, keys = case.request, case.found, case.worker.ledger.keys
    user_id = found.user.user_id if found.user else ""
    expected = request.duo_user_id
    made_here = case.done("create_user")
    if made_here is not None:
        expected = made_here.result["user_id"]
    for differs, what in (
        (case.ticket.person.id != request.person, "the affected person"),
        (user_id != expected or request.duo_user_id != expected, "the Duo user"),
        (not keys.same(found.addresses.link_to, request.address_digest), "the address on file"),
    ):
        if differs:
            return what
    return ""
