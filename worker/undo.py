"""What a request left alive, as steps that take it back: every way out runs this list."""

from collections.abc import Sequence

from worker.ledger.rows import Planned, StepRow

UNDOES = {
    "code_in_push": ("revoke_code", "delete_push", "empty_field"),
    "create_phone": ("detach_made_phone",),
    "detach_phones": ("reattach_phones",),
}
"""Which steps take back what a step did."""


def undo_list(journal: Sequence[StepRow]) -> list[Planned]:
    """The steps that take back what `journal` shows as begun or done and not yet taken back, each with its target.

    One that was begun and has no answer is among them: a move drops it, and doing it again changes nothing.
    """
    settled = {(row.name, row.target) for row in journal if row.state == "done" and row.target}
    return [
        Planned(undo, row.seq)
        for row in journal
        if row.attempts and row.name in UNDOES
        for undo in UNDOES[row.name]
        if (undo, row.seq) not in settled
    ]


def alive(journal: Sequence[StepRow]) -> list[str]:
    """What undo steps couldn't take back, a sentence each; where one ran again, only its last run counts."""
    last = {(row.name, row.target): row for row in journal if row.state == "done"}
    return [sentence for row in last.values() for sentence in row.result.get("alive", ())]


def undone(journal: Sequence[StepRow]) -> list[str]:
    """What undo steps took back, a sentence each."""
    return [sentence for row in journal if row.state == "done" for sentence in row.result.get("undone", ())]
