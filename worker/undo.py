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
    """The steps that take back what `journal` shows as begun or done and not yet taken back, each with its target."""
    settled = {(row.name, row.target) for row in journal if row.state in ("done", "begun") and row.target}
    return [
        Planned(undo, row.seq)
        for row in journal
        if row.attempts and row.name in UNDOES
        for undo in UNDOES[row.name]
        if (undo, row.seq) not in settled
    ]


def alive(journal: Sequence[StepRow]) -> list[str]:
    """What undo steps couldn't take back, a sentence each."""
    return [sentence for row in journal if row.state == "done" for sentence in row.result.get("alive", ())]


def undone(journal: Sequence[StepRow]) -> list[str]:
    """What undo steps took back, a sentence each."""
    return [sentence for row in journal if row.state == "done" for sentence in row.result.get("undone", ())]
