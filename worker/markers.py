"""Marks by which the worker knows its own things again: on notes, pushes and mails. They tell nobody anything else."""

from typing import Any

from worker.case import Case
from worker.ledger.rows import StepRow

NOTE_PREFIX = "[duo-worker "


def with_key(case: Case, _row: StepRow) -> dict[str, Any]:
    """The intent of a step that derives something: which key it derives with, so that a rotation changes nothing."""
    return {"key": case.worker.ledger.keys.current}


def note_marker(case: Case, row: StepRow) -> str:
    """What ends the work note of this step."""
    return f"{NOTE_PREFIX}{_mark(case, row, 'note', 0)}]"


def push_marker(case: Case, row: StepRow, attempt: int) -> str:
    """What stands in the `note` of the push of this attempt."""
    return f"duo-worker {_mark(case, row, 'push', attempt)}"


def message_id(case: Case, row: StepRow, place: int) -> str:
    """The Message-ID of the step's mail to the address at `place`: the same however often it is sent."""
    return f"<{_mark(case, row, 'mail', place)}@{case.worker.delivery.sender_domain}>"


def _mark(case: Case, row: StepRow, purpose: str, number: int) -> str:
    keys = case.worker.ledger.keys
    key_id = str((row.intents[number - 1] if purpose == "push" else row.intent)["key"])
    return keys.marker(purpose, f"{case.request.key}\n{row.seq}", number, key_id)
