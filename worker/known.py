"""What the ledger says of a request and its person, for the facts."""

from collections.abc import Sequence
from datetime import timedelta

from worker.facts.known import Known
from worker.filing import edited_at, substance
from worker.ledger import history, steps
from worker.ledger.database import Ledger
from worker.ledger.rows import Request, StepRow
from worker.ledger.states import State
from worker.markers import carries_unknown
from worker.steps.code_rows import NAME as CODE_STEP
from worker.tickets.ticket import Ticket
from worker.windows import Windows

ANOTHER_NUMBER = timedelta(days=7)


def known(
    ledger: Ledger, request: Request | None, journal: Sequence[StepRow], ticket: Ticket, windows: Windows, *, me: str
) -> Known:
    """The ledger's part of the facts, this request's own doings left out. `request` None: it was never seen.

    "Unknown to the ledger" is a ticket with a note of ours that the journal knows nothing of.
    """
    if request is None:
        return Known()
    system, person, now = request.system, request.person, windows.now
    with ledger.reading() as connection:
        return Known(
            in_ledger=request.markers_accepted or not carries_unknown(ticket, me, request, journal, ledger.keys),
            edited_at=edited_at(ticket, request, ledger.keys),
            edited_since_decided=_is_edited(ledger, request, ticket),
            codes_recently=steps.attempts_of_person(
                connection, system, person, CODE_STEP, now - windows.codes, besides=_under_way(request)
            ),
            opened_recently=history.opened_for_others(
                connection, system, request.opener, now - windows.opener, besides=request.id
            ),
            password_reset=history.password_reset(connection, system, person, now - windows.reset),
            other_number=_names_another_number(ledger, ticket, history.number_digests(
                connection, request, now - ANOTHER_NUMBER
            )),
            retired_phones=any(
                row.name == "detach_phones" and row.attempts and row.round == request.round for row in journal
            ),
            made_phone_ids=history.made_by_worker(connection),
        )  # fmt: skip


def _under_way(request: Request) -> tuple[int, int]:
    """The round whose own codes are no reason against it; those of an earlier round count like another request's.

    A request that was delivered has no round under way: what it is to be given again comes on top of what it got.
    """
    return (0, 0) if request.state in (State.NEW, State.AWAITING) else (request.id, request.round)


def _is_edited(ledger: Ledger, request: Request, ticket: Ticket) -> bool:
    decided = "" if request.state is State.NEW else request.decided_digest
    return bool(decided) and not ledger.keys.same(substance(ticket), decided)


def _names_another_number(ledger: Ledger, ticket: Ticket, digests: list[str]) -> bool:
    number = ticket.answers.phone_number
    return bool(number) and any(not ledger.keys.same(number, digest) for digest in digests)
