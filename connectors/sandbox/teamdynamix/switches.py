"""How this tenant differs from others: every behaviour that varies, or goes wrong, as one value.

The defaults are what the vendor documents; where that is silent or disputed, the awkward case (TeamDynamix facts §8).
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Switches:
    """Replace single ones with `dataclasses.replace`."""

    # Signing in (§2.2)
    quoted_token: bool = False  # the JWT comes as a JSON string
    token_life: timedelta = timedelta(hours=24)
    refused_status: int = 401  # of bad credentials: 400, 401 or 403

    # Limits (§5)
    limited: bool = True
    calls_in_window: int = 60
    searches_in_window: int = 30
    creations_in_window: int = 30
    window: timedelta = timedelta(seconds=60)

    # Tickets (§3)
    search_default: int = 300  # MaxResults where none is given
    ignored_filters: frozenset[str] = frozenset()  # keys of TicketSearch that are taken for unknown
    feed_touches_ticket: bool = True  # a comment moves ModifiedDate (unconfirmed)
    edits_leave_a_line: bool = True  # a change of attributes is told in the feed (unconfirmed)
    dates_needed: bool = True  # by the statuses that say so: an on-hold status then can't be set without one (§3.3)
    hidden_tickets: frozenset[int] = frozenset()  # 404 and in no search
    garbled_fields: frozenset[tuple[int, str]] = frozenset()  # dates, by ticket and name, that hold no date
    replies_apart: bool = True  # a feed lists no replies, only their count (§3.4)
    created_status: int = 201  # of a new ticket: 200 or 201
    empty_feed_answer: bool = False  # a feed entry is answered with an empty body

    # People (§2.3, §4)
    people_right: bool = True  # without it people searches answer []
    definitions_right: bool = True  # may read attribute definitions

    # The content filter (§5): texts that hold one of these are answered 403 in words of no JSON
    filtered_texts: tuple[str, ...] = ()
    unassignable: frozenset[str] = frozenset()  # user names that can't be made responsible
