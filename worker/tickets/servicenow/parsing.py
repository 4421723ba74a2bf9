"""A row, its journal and its approvers become a ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from connectors.errors import Misconfigured, Uncertain
from connectors.servicenow import stamps
from connectors.servicenow.approvals import Approval
from connectors.servicenow.journal import Entry
from connectors.servicenow.table import Row
from worker.tickets.servicenow.answers import read_answers
from worker.tickets.servicenow.around import Around
from worker.tickets.servicenow.layout import Layout
from worker.tickets.servicenow.persons import opener, person, persons_agree, watched
from worker.tickets.servicenow.settings import States, TicketSettings
from worker.tickets.ticket import Answers, Approver, Note, Stamp, State, Ticket, Written

SYSTEM: Final = "servicenow"

Approved = Literal["none", "requested", "approved", "rejected"]

_NO_APPROVAL: Final = ("", "not requested", "not_required")


def ticket(row: Row, around: Around, layout: Layout, settings: TicketSettings, read_at: datetime) -> Ticket:
    """The ticket that `row` is, with what belongs to it of `around`.

    Raises `Misconfigured` where a field that every row has isn't shown to the account.
    """
    _require(row, layout)
    whom, by = person(row, layout, settings), opener(row, layout)
    reset = row[f"{layout.item}cat_item"] in settings.reset_items
    answers, problems = (Answers(), ()) if reset else read_answers(row, layout.item, settings)
    nobody = () if whom.user_name else ("the request names nobody whom it is for",)
    return Ticket(
        system=SYSTEM,
        id=row["sys_id"],
        number=row["number"],
        other_numbers=_other_numbers(row, layout),
        kind="password_reset" if reset else "enrollment",
        person=whom,
        opener=by,
        persons_agree=persons_agree(row, layout),
        answers=answers,
        problems=(*nobody, *problems),
        approval=approval(row, layout),
        approvers=_approvers(around.approvals.of(approval_records(row, layout))),
        state=state(row, layout, settings.states),
        assignee=assignee(row),
        watched=watched(row, layout, (whom, by)),
        filed_at=_moment(row, f"{layout.item}sys_created_on"),
        changed_at=changed_at(row, layout),
        answers_at=answers_at(row, layout),
        stamp=layout.stamp(row),
        notes=_notes(around.entries.of(journal_records(row, layout))),
        read_at=read_at,
    )


def written(row: Row, layout: Layout, states: States, before: Stamp) -> Written:
    """What the answer to our write says; `before` is the stamp that the ticket had when it was read.

    Raises `Uncertain` where it doesn't say whose the ticket is: the write was done.
    """
    if missing := [name for name in ("state", "active", "assigned_to") if name not in row]:
        raise Uncertain(SYSTEM, f"the answer to a write doesn't show {', '.join(missing)}")
    stamp = layout.stamp(row)
    return Written(stamp, assignee(row), state(row, layout, states), only_ours=layout.is_next(before, stamp))


def state(row: Row, layout: Layout, states: States) -> State:
    """Our word for the record's state; one that isn't active is closed, whatever its state is called.

    So is one whose item was closed: by whoever cancelled it, or by the instance when a person closed the record just
    before a write of ours made it active again.
    """
    value = row["state"]
    active = (row["active"], row.get(f"{layout.item}active") or "true")
    if active != ("true", "true") or value in (states.closed_complete, states.closed_incomplete):
        return "closed"
    words: dict[str, State] = {
        states.open: "open",
        states.work_in_progress: "work_in_progress",
        states.pending: "pending",
    }
    return words.get(value, "other")


def assignee(row: Row) -> str:
    """The user name of who has it; where that can't be read, the sys_id: somebody, whoever it is."""
    return row.get("assigned_to.user_name") or row["assigned_to"]


def changed_at(row: Row, layout: Layout) -> datetime:
    """When the record or its item last changed."""
    return max(_moment(row, name) for name in layout.stamps)


def answers_at(row: Row, layout: Layout) -> datetime:
    """When the item last changed; where it is written to itself, notes change it too: then when it was filed."""
    return _moment(row, f"{layout.item}sys_updated_on" if layout.item else "sys_created_on")


def approval(row: Row, layout: Layout) -> Approved:
    """The least favourable of what task, item and request say; a word not known here stands for a wait."""
    words = set(_approval_words(row, layout).values())
    if "rejected" in words:
        return "rejected"
    if words - {"approved", *_NO_APPROVAL}:
        return "requested"
    return "approved" if "approved" in words else "none"


def approval_records(row: Row, layout: Layout) -> set[str]:
    """The sys_ids of those among task, item and request that carry an approval."""
    return {record for record, word in _approval_words(row, layout).items() if record and word not in _NO_APPROVAL}


def journal_records(row: Row, layout: Layout) -> set[str]:
    """The sys_ids of the records that carry notes."""
    return {row["sys_id"], row[layout.item_reference]}


def _approval_words(row: Row, layout: Layout) -> dict[str, str]:
    records = (("", "sys_id"), (layout.item, layout.item_reference), (layout.request, f"{layout.item}request"))
    return {row.get(record, ""): row.get(f"{prefix}approval", "") for prefix, record in records}


def _approvers(approvals: Iterable[Approval]) -> tuple[Approver, ...]:
    """Those who decided; whoever hasn't yet, or needn't any more, is left out."""
    return tuple(
        Approver(each.user_name, each.state == "approved")
        for each in approvals
        if each.state in ("approved", "rejected")
    )


def _notes(entries: Iterable[Entry]) -> tuple[Note, ...]:
    return tuple(
        Note(
            entry.sys_id, entry.at, "comment" if entry.element == "comments" else "work_note", entry.author, entry.text
        )
        for entry in entries
    )


def _other_numbers(row: Row, layout: Layout) -> tuple[str, ...]:
    numbers = (row[f"{layout.item}number"], row.get(f"{layout.request}number", ""))
    return tuple(number for number in numbers if number not in ("", row["number"]))


def _moment(row: Row, name: str) -> datetime:
    moment = stamps.moment(row.get(name, ""))
    if moment is None:
        raise Misconfigured(SYSTEM, f"{name} holds no time, or the account may not read it")
    return moment


def _require(row: Row, layout: Layout) -> None:
    if layout.unreadable(row):
        raise Misconfigured(SYSTEM, unshown(row, layout))


def unshown(row: Row, layout: Layout) -> str:
    """What the account may not read of the row, as a sentence."""
    return f"the account may not read {', '.join(layout.unreadable(row))} of {layout.table}"
