"""What a ticket shows after a write of ours: whether it stands as we left it, and all that is new is ours."""

from typing import Final

from connectors.teamdynamix.tickets import Details
from worker.tickets.ticket import Stamp, State, Ticket, Written

ASKED: Final = ("requestor", "created_by", "created", "attributes", "notify")
STANDING: Final = ("person", "opener", "persons_agree", "answers", "problems", "approval", "watched")


def is_alike(before: Details, after: Details) -> bool:
    """Whether both say the same of whom it is for, what is asked, who is told, and where it stands."""
    same_place = (before.row.form, before.row.status) == (after.row.form, after.row.status)
    return same_place and all(getattr(before, name) == getattr(after, name) for name in ASKED)


def told(before: Ticket, expected: tuple[State, str, Stamp], after: Ticket | None, me: str) -> Written:
    """What came of a write: `expected` are state, assignee and stamp if nobody did anything beside us.

    `after` is the ticket read since, None where that failed: then it is to be read anew.
    """
    state, assignee, stamp = expected
    if after is None:
        return Written(stamp, assignee, state, only_ours=False)
    as_left = (after.state, after.assignee) == (state, assignee) and _is_untouched_by_others(before, after, me)
    return Written(after.stamp, after.assignee, after.state, only_ours=as_left)


def _is_untouched_by_others(before: Ticket, after: Ticket, me: str) -> bool:
    known = {note.id for note in before.notes}
    ours = all(note.author.casefold() == me.casefold() for note in after.notes if note.id not in known)
    unedited = after.answers_at <= before.answers_at
    return ours and unedited and all(getattr(before, name) == getattr(after, name) for name in STANDING)
