"""A request and what is written to it, in our own words: no ticket system's vocabulary gets past this file."""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.secret import Secret

State = Literal["open", "work_in_progress", "pending", "closed", "other"]
Stamp = str  # changes with every change of the record: ServiceNow's two sys_mod_counts as "task/item"


@dataclass(frozen=True)
class Person:
    """Somebody as the ticket system knows them; empty texts where it says nothing."""

    id: str = ""  # the system's own id
    user_name: str = ""
    first_name: str = ""
    email: str = ""
    trusted_numbers: tuple[str, ...] = ()  # values of `trusted_number_fields`, as stored
    trusted_addresses: tuple[str, ...] = ()  # values of `trusted_address_fields`


@dataclass(frozen=True)
class Note:
    """One entry of the ticket's journal. `author` is a user name by the system's own record of the entry."""

    id: str
    at: datetime
    kind: Literal["comment", "work_note"]
    author: str
    text: str


@dataclass(frozen=True)
class Approver:
    """Somebody who decided on the request's approval."""

    user_name: str
    approved: bool


@dataclass(frozen=True)
class Answers:
    """The form's answers under our names; an answer that can't be used is left empty and named in `Ticket.problems`."""

    device: Literal["", "duo_mobile", "security_key"] = ""
    phone_number: str = ""  # E.164
    phone_os: Literal["", "ios", "android", "other"] = ""
    preferred: Literal["", "bypass_code", "activation_link", "enrollment_link"] = ""


@dataclass(frozen=True)
class Ticket:
    """One request as it stood when it was read."""

    system: str
    id: str  # of the record written to
    number: str  # of that record; how a ticket is named to people
    other_numbers: tuple[str, ...]  # the item's and the request's, under which people may ask for it too
    kind: Literal["enrollment", "password_reset"]
    person: Person
    opener: Person
    persons_agree: bool
    answers: Answers
    problems: tuple[str, ...]
    approval: Literal["none", "requested", "approved", "rejected"]
    approvers: tuple[Approver, ...]
    state: State
    assignee: str  # user name; empty: nobody
    watched: bool  # somebody beside opener and person is told of comments
    filed_at: datetime
    changed_at: datetime
    answers_at: datetime  # when the form, persons and approval last changed, at the latest; notes don't count
    stamp: Stamp
    notes: tuple[Note, ...]
    read_at: datetime
    touched: bool = False  # our account changed it, by the system's own record, whether or not it left a note


@dataclass(frozen=True)
class Unreadable:
    """A ticket that the account isn't shown all of that every ticket has; `why` names no person and no answer."""

    id: str
    number: str
    why: str


@dataclass(frozen=True)
class Poll:
    """One look at what changed."""

    tickets: tuple[Ticket, ...]
    mark: datetime | None  # the newest stamp read, to go on from; None: no row came
    foreign: int  # rows that came although they weren't asked for
    unreadable: tuple[Unreadable, ...] = ()


MomentName = Literal[
    "taken", "delivered", "enrolled", "reminder", "given_up", "held", "stepped_back", "closed", "refused"
]


@dataclass(frozen=True)
class Moment:
    """Something to say on a ticket, in one write: its state, the person's comment and the staff's work note.

    `marker` ends the work note, so that a lost answer can be looked for. An empty comment writes none.
    """

    name: MomentName
    comment: str
    work_note: str
    marker: str
    passphrase: Secret | None = None  # to `passphrase_field`
    empty_passphrase: bool = False


@dataclass(frozen=True)
class Written:
    """The ticket as our own write left it.

    `only_ours`: nobody else changed it since it was read, so that its next reading is no news. None: that can't be
    told, but whom it is for and what was asked stand as they were read.
    """

    stamp: Stamp
    assignee: str
    state: State
    only_ours: bool | None


Reading = tuple[str, Stamp]  # a ticket's id, and its stamp when it was read
Unchanged = Callable[[Collection[Reading]], AbstractSet[Reading]]
"""Those of the readings that were dealt with, just as they are."""


def nothing_known(_read: Collection[Reading]) -> AbstractSet[Reading]:
    """Every row is news."""
    return frozenset()
