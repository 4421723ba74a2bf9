"""What staff tell the worker by a line in a work note: `#verified METHOD` and `#revoke`.

A comment never counts: the affected person can write those. Nor does a note whose author, by the ticket system's own
record of it, isn't in the right groups; nor one of the worker's own, which quote these lines.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from worker.directory import Directory
from worker.facts.parties import same, stranger
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Note, Ticket

_VERIFIED = re.compile(r"^#verified[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
_REVOKE = re.compile(r"^#revoke\b", re.MULTILINE | re.IGNORECASE)


def desk_note(
    ticket: Ticket, directory: Directory, settings: PolicySettings, *, me: str, since: datetime | None
) -> Note | None:
    """The newest valid `#verified METHOD` that is newer than the filing and than `since` (the last edit, or a hold).

    Its author is in `identity_groups` and neither opener nor affected person: a desk member who opened the request
    for somebody else needs a colleague. Stamps are whole seconds, so a note of the same second is not newer.
    """
    after = max(ticket.filed_at, since or ticket.filed_at)
    return _newest(
        note
        for note in _work_notes(ticket, after)
        if method(note, settings.identity_methods)
        and stranger(ticket, note.author, me)
        and directory.is_member(note.author, settings.identity_groups)
    )


def revoke_asked(
    ticket: Ticket, directory: Directory, groups: Sequence[str], *, me: str, since: datetime
) -> Note | None:
    """The newest `#revoke` that is newer than `since`, by a member of `groups` (service desk and identity desk).

    Whoever opened the request may ask too: stopping needs no second pair of eyes.
    """
    return _newest(
        note
        for note in _work_notes(ticket, since)
        if _REVOKE.search(note.text) and not same(note.author, me) and directory.is_member(note.author, groups)
    )


def method(note: Note, methods: Sequence[str]) -> str:
    """The first of `methods` that the note names, as configured; empty where it names none."""
    named = {found.rstrip(".,;:").casefold() for found in _VERIFIED.findall(note.text)}
    return next((known for known in methods if known.casefold() in named), "")


def _work_notes(ticket: Ticket, after: datetime) -> Iterable[Note]:
    return (note for note in ticket.notes if note.kind == "work_note" and note.at > after)


def _newest(notes: Iterable[Note]) -> Note | None:
    return max(notes, key=lambda note: note.at, default=None)
