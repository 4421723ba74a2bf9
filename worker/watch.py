"""After delivery: when what was delivered lapses, its remains are taken away."""

from datetime import datetime

from worker.case import Case
from worker.ledger.rows import StepRow
from worker.ledger.states import State
from worker.undo import undo_list


def lapses_at(case: Case) -> datetime | None:
    """When the code or link of this round stops working, while something of it is to be taken away then."""
    journal = case.journal()
    ends = [_until(row) for row in journal if row.round == case.request.round and row.result.get("until")]
    return max(ends) if ends and undo_list(journal) else None


def lapse(case: Case) -> bool:
    """Take away what has lapsed; False where nothing has."""
    ends = lapses_at(case)
    if ends is None or ends > case.now:
        return False
    case.move(State.AWAITING, "delivery_lapsed", plan=undo_list(case.journal()))
    return True


def _until(row: StepRow) -> datetime:
    return datetime.fromisoformat(row.result["until"])
