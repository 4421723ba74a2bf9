"""A moment as TeamDynamix's calls: what has to be patched, then the comment, then the private note that ends it.

The private note with the marker comes last, so that a note that is there means that all of it was said. A comment of
ours that no private note of ours follows was left by a try that broke off: it isn't said again.

Taking a ticket is the patch alone. It changes no status and so opens no ticket that was closed meanwhile; the note on
the delivery tells why it was taken.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from connectors.errors import ConnectorError, Uncertain
from connectors.teamdynamix import feed, tickets
from connectors.teamdynamix.feed import Post
from connectors.teamdynamix.fields import NOBODY, utc
from connectors.teamdynamix.session import Tenant
from connectors.teamdynamix.tickets import Details
from worker.tickets.teamdynamix.settings import Statuses
from worker.tickets.ticket import Moment, Note, Ticket

HARDLY: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Desk:
    """Whom tickets are assigned to, looked up when it is needed, and until when a status that needs a date lasts."""

    worker: str  # UID
    hold_group: Callable[[], int]
    until: datetime | None


@dataclass(frozen=True)
class Hand:
    """What becomes of the ticket: its status (0: as it is) and fields to patch."""

    status: int
    changes: dict[str, object]


def hand(moment: Moment, statuses: Statuses, desk: Desk, now: Details) -> Hand:
    """What is different from how the ticket stands now."""
    wanted, changes = _wanted(moment, statuses, desk)
    standing = {"/ResponsibleUid": now.responsible or NOBODY, "/ResponsibleGroupID": now.group}
    changes = {path: value for path, value in changes.items() if standing[path] != value}
    status = 0 if wanted == now.row.status else wanted
    waits = status == statuses.pending or (moment.name == "taken" and bool(changes))
    if waits and desk.until is not None and not _is_late_enough(now.goes_off_hold, desk.until):
        changes["/GoesOffHoldDate"] = utc(desk.until)
    return Hand(status, changes)


def claim(tenant: Tenant, ids: tuple[int, int], hand: Hand, now: Details) -> Details:
    """The ticket made ours, with the date that its status will need; as the answer shows it. May be repeated."""
    return tickets.patch(tenant, *ids, hand.changes) if hand.changes else now


def say(
    tenant: Tenant, ids: tuple[int, int], moment: Moment, hand: Hand, *, said: bool, notify: tuple[str, ...]
) -> None:
    """All calls of one moment. `said`: the comment is there already.

    Raises `Uncertain` where the comment went out and the note didn't.
    """
    if hand.changes:
        tickets.patch(tenant, *ids, hand.changes)
    note = f"{moment.work_note}\n{moment.marker}"
    if not moment.comment or said:
        feed.post(tenant, *ids, Post(note, private=True, status=hand.status))
        return
    feed.post(tenant, *ids, Post(moment.comment, private=False, status=hand.status, notify=notify))
    try:
        feed.post(tenant, *ids, Post(note, private=True))
    except ConnectorError as failed:
        raise Uncertain(failed.system, f"the comment was written, the note wasn't: {failed.detail}") from failed


def is_said(ticket: Ticket, comment: str, me: str) -> bool:
    """Whether a try that broke off has left this comment on the ticket, as it was read last."""
    last = max((note.at for note in _ours(ticket.notes, me) if note.kind == "work_note"), default=ticket.filed_at)
    wanted = _words(comment)
    return any(
        note.kind == "comment" and note.at > last and _words(note.text).endswith(wanted)
        for note in _ours(ticket.notes, me)
    )


def off_hold(now: datetime, hold_for: timedelta, *, needed: bool) -> datetime | None:
    """The date that goes with a status on hold; None where none is needed."""
    return now + hold_for if needed else None


def _is_late_enough(standing: datetime | None, wanted: datetime) -> bool:
    """Whether the date that is there will do: it was set by the claim, a little earlier."""
    return standing is not None and wanted - standing <= HARDLY


def _wanted(moment: Moment, statuses: Statuses, desk: Desk) -> tuple[int, dict[str, object]]:
    match moment.name:
        case "taken":
            return 0, {"/ResponsibleUid": desk.worker}
        case "delivered" | "reminder":
            return statuses.pending, {}
        case "enrolled":
            return statuses.closed_complete, {}
        case "given_up":
            return statuses.closed_incomplete, {}
        case "held":
            return statuses.open, {"/ResponsibleUid": NOBODY, "/ResponsibleGroupID": desk.hold_group()}
        case "stepped_back" | "closed" | "refused":
            return 0, {}
        case _:
            assert_never(moment.name)


def _ours(notes: Iterable[Note], me: str) -> list[Note]:
    return [note for note in notes if note.author.casefold() == me.casefold()]


def _words(text: str) -> str:
    return " ".join(text.split())
