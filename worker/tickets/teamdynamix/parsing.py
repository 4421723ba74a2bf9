"""A ticket of TeamDynamix and its feed become a ticket of ours."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from connectors.teamdynamix import feed
from connectors.teamdynamix.feed import Entry
from connectors.teamdynamix.fields import utc
from connectors.teamdynamix.tickets import CLOSED, Details, Row
from worker.tickets.teamdynamix.answers import read_answers
from worker.tickets.teamdynamix.people import People
from worker.tickets.teamdynamix.settings import App, Statuses, TicketSettings
from worker.tickets.ticket import Answers, Note, Person, Stamp, State, Ticket

SYSTEM: Final = "teamdynamix"
SAID: Final = (feed.COMMENT, feed.STATUS)
APART: Final = timedelta(seconds=2)  # between a line of the feed and the ModifiedDate that it brought


def key(app: int, ticket_id: int) -> str:
    """How a ticket is known to the ledger; ids are told apart by their application."""
    return f"{app}/{ticket_id}"


def ids(ticket_id: str) -> tuple[int, int]:
    """The application and the id of `key`."""
    app, number = ticket_id.split("/")
    return int(app), int(number)


def stamp(row: Row) -> Stamp:
    """Changes with every change of the ticket, as far as TeamDynamix says so."""
    return utc(row.modified)


def ticket(
    details: Details, entries: Sequence[Entry], people: People, settings: TicketSettings, read_at: datetime
) -> Ticket | None:
    """The ticket that `details` are; None for one that isn't ours. Looks the persons up."""
    row = details.row
    app = settings.app(row.app)
    if app is None or row.form not in app.all_forms:
        return None
    affected, strange = _affected(details, app)
    whom, active = people.person(affected or details.requestor)
    by = whom if details.created_by == whom.id else people.person(details.created_by)[0]
    reset = row.form in app.reset_forms
    answers, problems = (Answers(), ()) if reset else read_answers(details.attributes, app.attributes, settings)
    return Ticket(
        system=SYSTEM,
        id=key(row.app, row.id),
        number=str(row.id),
        other_numbers=(),
        kind="password_reset" if reset else "enrollment",
        person=whom,
        opener=by,
        persons_agree=affected in ("", details.requestor) or details.requestor in ("", details.created_by),
        answers=answers,
        problems=(*_of_person(whom, active=active, strange=strange), *problems),
        approval=_approval(row, app.statuses),
        approvers=(),
        state=state(row, app.statuses),
        assignee=people.name(details.responsible),
        watched=_watched(details, (whom, by)),
        filed_at=details.created,
        changed_at=row.modified,
        answers_at=_answers_at(details, entries, people.me.uid),
        stamp=stamp(row),
        notes=tuple(_note(entry, people) for entry in entries if entry.kind in SAID and entry.text),
        read_at=read_at,
        touched=_touched(details, entries, people.me.uid),
    )


def state(row: Row, statuses: Statuses) -> State:
    """Our word for the status: by its class where it ends the ticket, else by the configured ids."""
    if row.status_class in CLOSED or row.status in (statuses.closed_complete, statuses.closed_incomplete):
        return "closed"
    words: dict[int, State] = {
        statuses.open: "open",
        statuses.work_in_progress: "work_in_progress",
        statuses.pending: "pending",
    }
    return words.get(row.status, "other")


def _affected(details: Details, app: App) -> tuple[str, bool]:
    """The UID that the form's question names, and whether something else than a UID stands there."""
    answer = details.attributes.get(app.attributes.affected_person)
    if answer is None or not answer.value:
        return "", False
    try:
        return str(UUID(answer.value)), False
    except ValueError:
        return "", True


def _of_person(whom: Person, *, active: bool, strange: bool) -> list[str]:
    if strange:
        return ["the form's answer to whom it is for can't be read"]
    if not whom.user_name or whom.user_name == whom.id:
        return ["the request names nobody whom it is for"]
    return [] if active else ["the person's account at the help site isn't active"]


def _approval(row: Row, statuses: Statuses) -> Literal["none", "requested", "rejected"]:
    """That an approval was given can't be told apart from none: its author isn't on the ticket (known limits)."""
    if row.status in statuses.rejected:
        return "rejected"
    return "requested" if row.status in statuses.awaiting_approval else "none"


def _watched(details: Details, parties: Iterable[Person]) -> bool:
    known = {party.email.casefold() for party in parties}
    return any(address.casefold() not in known for address in details.notify)


def _touched(details: Details, entries: Sequence[Entry], me: str) -> bool:
    """A claim leaves no note: a line of the feed, else that the last change was ours, tells of it."""
    lines = any(entry.author == me and entry.kind != feed.CREATED for entry in entries)
    return lines or (details.modified_by == me != details.created_by)


def _answers_at(details: Details, entries: Sequence[Entry], me: str) -> datetime:
    """When form or persons last changed, at the latest: a line of the feed that isn't talk and isn't ours.

    Where the last change of all left no line, it may have been one of the form: then that is when.
    """
    edits = [entry.at for entry in entries if entry.kind not in (*SAID, feed.CREATED) and entry.author != me]
    modified = details.row.modified
    told = any(abs(entry.at - modified) <= APART for entry in entries)
    silent = [] if told or details.modified_by == me else [modified]
    return max((details.created, *edits, *silent))


def _note(entry: Entry, people: People) -> Note:
    kind: Literal["comment", "work_note"] = "work_note" if entry.private else "comment"
    return Note(str(entry.id), entry.at, kind, people.name(entry.author), entry.text)
