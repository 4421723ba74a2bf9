"""What the worker needs of a ticket system. One more system is one connector and one class that has this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from worker.tickets.ticket import Moment, Poll, Ticket, Unchanged, Written


@dataclass(frozen=True)
class Probe:
    """One question's outcome. The sentence says what was found and, where it isn't well, what to do."""

    name: str
    ok: bool
    sentence: str


RUNS_ON: Final = timedelta(seconds=15)
"""A call may wait ten seconds for its slot; and what a process sent just before it died may be carried out seconds
after another has taken over."""


class Tickets(Protocol):
    """The requests of one ticket system. Safe to share between threads.

    Every method raises the connectors' errors. Reads are repeated by the connector, writes never.
    """

    @property
    def system(self) -> str:
        """The name under which ledger, budget and log know it; that of its table in the configuration."""

    @property
    def reads_many(self) -> bool:
        """Whether many tickets are read in fewer calls than one by one."""

    @property
    def runs_on(self) -> timedelta:
        """How long after its step began a write may still be carried out there, where we have no answer to it.

        Whoever looks earlier and doesn't find it can't tell.
        """

    def changed(self, since: datetime, unchanged: Unchanged) -> Poll:
        """What changed at `since` or later, whatever its state, less what `unchanged` knows."""

    def waiting(self, unchanged: Unchanged) -> Poll:
        """What is open, however long ago it changed, less what `unchanged` knows. It moves no mark."""

    def read(self, ids: Sequence[str]) -> dict[str, Ticket]:
        """Those tickets as they are now, whatever their state; one that isn't there, or isn't ours, is absent."""

    def find(self, number: str) -> Ticket | None:
        """The ticket that people call by this number; None where no ticket of ours has it."""

    def write(self, ticket: Ticket, moment: Moment) -> Written:
        """Say a moment on the ticket. A ticket that is closed, or somebody else's by now, gets the notes only.

        "taken" may be the claim alone, without a note, where that takes a call less: it may then be claimed again.

        Raises `Uncertain` where part of it may have been said; after that `written` tells whether all of it was.
        """

    def written(self, ticket_id: str, marker: str) -> bool:
        """Whether the moment whose work note ends with `marker` was said, by our own account; a claim never was."""

    def empty_passphrase(self, ticket_id: str) -> None:
        """Take the passphrase off the ticket's field. May be repeated."""

    def members(self, groups: Sequence[str]) -> dict[str, frozenset[str]]:
        """User names by group. Raises `Misconfigured` for a name that isn't exactly one active group's."""

    def me(self) -> str:
        """The worker's own user name, as notes and assignments carry it."""

    def adapt(self) -> bool:
        """After foreign rows: go on asking in another way, if there is one; whether that is new."""

    def probes(self) -> Iterator[Probe]:
        """Harmless questions whose answers tell whether everything that the worker needs is there."""
