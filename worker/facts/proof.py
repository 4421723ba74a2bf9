"""Evidence of identity that the request itself can't be (design §6.0), each with how it was found.

A sentence stands on the work note: it names nobody else, and of a number the last two digits only.
"""

from dataclasses import dataclass

from rules.facts import Facts, Number, Proof, Smartphone
from worker.directory import Directory
from worker.facts.in_duo import InDuo
from worker.facts.known import Known
from worker.facts.parties import stranger
from worker.facts.settings import PolicySettings
from worker.facts.staff_notes import desk_note, method
from worker.tickets.ticket import Note, Ticket


@dataclass(frozen=True)
class Evidence:
    """One sentence for each proof, under its name; empty: that proof is absent."""

    number_on_record: str = ""
    desk: str = ""
    approval: str = ""
    second_address: str = ""
    trusted_number: str = ""

    def proof(self) -> Proof:
        return Proof(
            number_on_record=bool(self.number_on_record),
            desk=bool(self.desk),
            approval=bool(self.approval),
            second_address=bool(self.second_address),
            trusted_number=bool(self.trusted_number),
        )

    def sentences(self) -> tuple[str, ...]:
        found = (self.number_on_record, self.desk, self.approval, self.second_address, self.trusted_number)
        return tuple(filter(None, found))


def find_evidence(
    ticket: Ticket,
    in_duo: InDuo,
    facts: Facts,
    second_address: str,
    *,
    known: Known,
    directory: Directory,
    settings: PolicySettings,
    me: str,
) -> Evidence:
    """What proves who asks; of `facts` only the sections about smartphone and number are looked at."""
    note = desk_note(ticket, directory, settings, me=me, since=known.edited_at)
    return Evidence(
        number_on_record=_of_number_on_record(ticket, in_duo, facts.usable_smartphone),
        desk=_of_desk(note, settings) if note is not None else "",
        approval=_of_approval(ticket, me),
        second_address=_of_second_address(second_address),
        trusted_number=_of_trusted_number(ticket, facts.number),
    )


def _of_number_on_record(ticket: Ticket, in_duo: InDuo, smartphone: Smartphone) -> str:
    """The number that would be texted was this person's SMS factor: having it proves as much as it did yesterday.

    Not where others use the phone too, where the worker put it there and nobody activated it since, where the account
    is younger than the request, or where nobody ever logged in with it.
    """
    user, phone = in_duo.user, in_duo.smartphone
    if user is None or phone is None or user.last_login is None or smartphone.shared:
        return ""
    if smartphone.made_by_worker and not smartphone.activated:
        return ""
    if user.created is not None and user.created >= ticket.filed_at:
        return ""
    ending = phone.number[-2:]
    return f"the number ending in {ending} was on the person's Duo record before the request and is theirs alone"


def _of_desk(note: Note, settings: PolicySettings) -> str:
    checked = method(note, settings.identity_methods)
    return f"the identity desk checked the person by {checked} (work note of {note.at:%Y-%m-%d %H:%M} UTC)"


def _of_approval(ticket: Ticket, me: str) -> str:
    """An approval by opener or affected person proves nothing, nor does one whose author isn't known."""
    given = any(approver.approved and stranger(ticket, approver.user_name, me) for approver in ticket.approvers)
    if ticket.approval != "approved" or not given:
        return ""
    return "approved by somebody who neither opened the request nor is the person"


def _of_second_address(second: str) -> str:
    """`second` itself stays off the note."""
    return "an address on file doesn't open with the help-site password; a link goes there" if second else ""


def _of_trusted_number(ticket: Ticket, number: Number) -> str:
    if not number.trusted:
        return ""
    return (
        f"the number ending in {ticket.answers.phone_number[-2:]} is in a field of the person's record they can't edit"
    )
