"""`gather` for an ordinary case: a test hands in what differs."""

from typing import Any

from tests.builders import MARKER, ME, NOW, a_directory, a_ticket, a_user, known, the_policy
from tests.duo_of_values import DuoOfValues
from worker.directory import Directory
from worker.facts.gather import Gathered, gather
from worker.facts.known import Known
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Ticket


def gathered(
    ticket: Ticket | None = None,
    duo: DuoOfValues | None = None,
    *,
    knows: Known | None = None,
    directory: Directory | None = None,
    policy: PolicySettings | None = None,
) -> Gathered:
    return gather(
        ticket or a_ticket(),
        knows or known(),
        directory or a_directory(),
        policy or the_policy(),
        duo or DuoOfValues([a_user()]),
        me=ME,
        marker_prefix=MARKER,
        now=NOW,
    )


def with_user(**differs: Any) -> Gathered:
    """The ordinary request, of somebody whose Duo user differs."""
    return gathered(duo=DuoOfValues([a_user(**differs)]))
