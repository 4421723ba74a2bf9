"""A closing that a status of ours was set over: TeamDynamix has no compare-and-set, so it can't be kept from it.

The worker never opens a closed ticket. Where a line of the feed tells that somebody closed it and the only statuses set
since are the worker's, both came in the same moment, and the ticket is closed as far as people are concerned. What was
closed is told by the line naming a status that closes (TeamDynamix facts §3.4; its wording is unconfirmed).
"""

from collections.abc import Callable, Mapping, Sequence

from connectors.teamdynamix import feed
from connectors.teamdynamix.feed import Entry

Closing = Callable[[int], Mapping[str, int]]
"""The ids of an application's statuses by name, 0 for one that doesn't end a ticket. Costs a call at the first use."""


def closed_with(entries: Sequence[Entry], app: int, me: str, closing: Closing) -> int:
    """The status that a person closed the ticket with before ours was set over it; 0: nothing was set over.

    `entries` are the whole feed, oldest first; `me` is the worker's UID. No call where ours isn't the last status.
    """
    lines = [entry for entry in entries if entry.kind == feed.STATUS]
    theirs = next((entry for entry in reversed(lines) if entry.author != me), None)
    if theirs is None or lines[-1].author != me:
        return 0
    return _named_last(theirs.text.partition("\n")[0], closing(app))


def _named_last(line: str, statuses: Mapping[str, int]) -> int:
    """The status whose name ends the line ("Changed Status from New to Resolved."); of several the longest name."""
    told = line.strip().rstrip(".").casefold()
    fitting = [name for name in statuses if told.endswith(f" {name.casefold()}")]
    return statuses[max(fitting, key=len)] if fitting else 0
