"""Marks by which the worker knows its own things again: on notes, pushes and mails. They tell nobody anything else."""

import re
from collections.abc import Iterable
from typing import Any

from worker.case import Case
from worker.ledger.rows import Request, StepRow
from worker.ledger.seal import Keys
from worker.tickets.ticket import Ticket

NOTE_PREFIX = "[duo-worker "
_NOTE_END = re.compile(re.escape(NOTE_PREFIX) + r"[0-9a-f]+\]\s*\Z")


def with_key(case: Case, _row: StepRow) -> dict[str, Any]:
    """The intent of a step that derives something: which key it derives with, so that a rotation changes nothing."""
    return {"key": case.worker.ledger.keys.current}


def note_marker(case: Case, row: StepRow) -> str:
    """What ends the work note of this step."""
    return _note_marker(case.worker.ledger.keys, case.request, row)


def push_marker(case: Case, row: StepRow, attempt: int) -> str:
    """What stands in the `note` of the push of this attempt."""
    key_id = str(row.intents[attempt - 1]["key"])
    return f"duo-worker {_mark(case.worker.ledger.keys, case.request, row, f'push {attempt}', key_id)}"


def message_id(case: Case, row: StepRow, place: int) -> str:
    """The Message-ID of the step's mail to the address at `place`: the same however often it is sent."""
    key_id = str(row.intent["key"])
    mark = _mark(case.worker.ledger.keys, case.request, row, f"mail {place}", key_id)
    return f"<{mark}@{case.worker.delivery.sender_domain}>"


def carries_unknown(ticket: Ticket, me: str, request: Request, journal: Iterable[StepRow], keys: Keys) -> bool:
    """Whether a work note of ours is on the ticket that the journal knows nothing of: its ledger was an older one.

    So is one that our account has touched, where the journal knows of no writing at all.
    """
    known = {_note_marker(keys, request, row) for row in journal if "key" in row.intent}
    if ticket.touched and not known:
        return True
    ours = (note for note in ticket.notes if note.kind == "work_note" and note.author.casefold() == me.casefold())
    found = (_NOTE_END.search(note.text) for note in ours)
    return any(end is not None and end.group().strip() not in known for end in found)


def _note_marker(keys: Keys, request: Request, row: StepRow) -> str:
    return f"{NOTE_PREFIX}{_mark(keys, request, row, 'note', str(row.intent['key']))}]"


def _mark(keys: Keys, request: Request, row: StepRow, purpose: str, key_id: str) -> str:
    return keys.marker(purpose, f"{request.key}\n{row.seq}", key_id)
