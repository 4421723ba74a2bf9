"""What a request left alive, as steps that take it back: every way out runs this list."""

from collections.abc import Sequence
from datetime import datetime

from worker.ledger.rows import Planned, StepRow

UNDOES = {
    "code_in_push": ("revoke_code", "delete_push", "empty_field"),
    "create_phone": ("detach_made_phone",),
    "detach_phones": ("reattach_phones",),
}
"""Which steps take back what a step did."""


def undo_list(journal: Sequence[StepRow], *, again: bool = False) -> list[Planned]:
    """The steps that take back what `journal` shows as begun or done and not yet taken back, each with its target.

    One that was begun and has no answer is among them: a move drops it, and doing it again changes nothing. `again`:
    those as well that couldn't take something back the last time.
    """
    ran = {(row.name, row.target): row for row in journal if row.state == "done" and row.target}
    settled = {key for key, row in ran.items() if not (again and row.result.get("alive"))}
    return [
        Planned(undo, row.seq)
        for row in journal
        if row.attempts and row.name in UNDOES
        for undo in UNDOES[row.name]
        if (undo, row.seq) not in settled
    ]


def left(journal: Sequence[StepRow]) -> list[str]:
    """What undo steps couldn't take back, a sentence each; where one ran again, only its last run counts."""
    last = {(row.name, row.target): row for row in journal if row.state == "done"}
    return [sentence for row in last.values() for sentence in row.result.get("alive", ())]


def alive(journal: Sequence[StepRow], now: datetime) -> list[str]:
    """All that exists for the request and still works, a sentence each: for the notes that staff rely on."""
    settled = {(row.name, row.target) for row in journal if row.state == "done" and row.target}
    return [*left(journal), *(_works(row, settled, now) for row in journal if _works(row, settled, now))]


def undone(journal: Sequence[StepRow]) -> list[str]:
    """What undo steps took back, a sentence each."""
    return [sentence for row in journal if row.state == "done" for sentence in row.result.get("undone", ())]


def _works(row: StepRow, settled: set[tuple[str, int]], now: datetime) -> str:
    """What of one step still works, as a sentence; empty: nothing."""
    until = row.result.get("until") or row.intent.get("until")
    if not row.attempts or row.state == "failed" or not until or datetime.fromisoformat(until) <= now:
        return ""
    end = f"until {datetime.fromisoformat(until):%Y-%m-%d %H:%M} UTC"
    may = "" if row.state == "done" else "perhaps "
    match row.name:
        case "activation_text":
            return f"{may}the activation link texted to phone {row.intent['phone_id']}, {end}"
        case "enrollment_mail":
            return f"{may}the enrolment link that Duo was asked to mail, {end}"
        case "code_in_push" if ("revoke_code", row.seq) not in settled:
            return f"{may}a bypass code of Duo user {row.intent['user_id']}, {end}"
        case "code_in_push" if ("delete_push", row.seq) not in settled:
            return f"the Password Pusher link to a code that is revoked, {end}"
        case _:
            return ""
