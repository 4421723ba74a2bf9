"""How this instance differs from others: every behaviour that varies, or goes wrong, as one value.

The defaults are what the fact sheet measured or the documentation promises; where both are silent, the awkward case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Mishap = Literal[
    "",
    "hibernating",  # 200 and a page, whatever is asked
    "maintenance",  # 503 and a page
    "accepted",  # 202 and nothing: nobody can tell whether it ran (here it didn't)
    "busy",  # 429 without Retry-After: no semaphore was free
    "cancelled",  # 500: took too long, nothing was written
    "committed",  # 500 after the write was done
    "truncated",  # 200: the first rows, then an error beside them
    "cut",  # 200: JSON that ends in the middle
]
"""Answers that every call gets while the switch stands (§3.6, §5)."""


@dataclass(frozen=True)
class RateLimit:
    """One row of sys_rate_limit_rules (§5): `requests` per clock hour to an API, for all users or one."""

    requests: int
    api: str = "Table API"  # or "Batch API", "Attachment API"
    methods: frozenset[str] = frozenset()  # empty: all
    user_name: str = ""  # empty: all
    rule: str = "2f1c7a9d0b3e4c5f8a6d7e8f90a1b2c3"
    counted_every: timedelta = timedelta()  # nodes commit their counts every 30 s, so a limit bites late


@dataclass(frozen=True)
class AbortRule:
    """A business rule that refuses writes to a table; `when` is an encoded query on the record as it would be."""

    table: str
    when: str
    name: str = "Refuse by customer rule"
    rule: str = "9b8a7c6d5e4f30211203f4e5d6c7b8a9"


@dataclass(frozen=True)
class DataPolicy:
    """Fields that must have a value while `when`, an encoded query, holds (§3.6)."""

    table: str
    when: str
    mandatory: tuple[str, ...]


@dataclass(frozen=True)
class Switches:
    """Replace single ones with `dataclasses.replace`; fields are named "table.field", rows by their sys_id."""

    # Queries (§3.3)
    invalid_query_returns_no_rows: bool = False  # glide.invalid_query.returns_no_rows
    dot_walked_conditions: bool = True  # False: they are dropped like unknown fields
    double_caret_is_a_caret: bool = False  # unconfirmed escape; False: an empty term between two
    values_ignore_case: bool = False
    shuffled_ties: bool = True  # pages of an order that isn't total overlap and leave gaps (§3.4)

    # Reading and its permissions (§3.4, §3.6)
    hidden_tables: frozenset[str] = frozenset()  # 200 and no rows, whatever the role
    hidden_rows: frozenset[str] = frozenset()
    hidden_fields: frozenset[str] = frozenset()  # absent from answers, 403 in queries
    hidden_variables: frozenset[str] = frozenset()  # by name; absent (§2.3)
    unsortable_fields: frozenset[str] = frozenset()  # query_range denied: 403 for >=, LIKE and ORDERBY
    journals_in_display: bool = False  # display values of journal fields hold all entries (unconfirmed, §1.4)

    # Writing (§3.5–3.7)
    allow_non_existing_choice: bool = False  # glide.rest.choice.allow_non_existing_value
    null_clears: bool = False  # JSON null (unconfirmed)
    empty_body_needs_content_type: bool = False  # documented so; pysnc sends none and works
    unwritable_fields: frozenset[str] = frozenset()  # ignored in silence
    refused_moves: frozenset[tuple[str, str, str]] = frozenset()  # (table, from, to): 200, nothing is changed
    abort_rules: tuple[AbortRule, ...] = ()
    data_policies: tuple[DataPolicy, ...] = ()

    # Flows (§1.3)
    execution_plan: bool = True  # closing roll-up from task to item to request
    task_touches_item: bool = False  # a customer's rule that updates the item with every write to its task
    answers_touch_item: bool = True  # editing a variable updates the item

    # Signing in (§6)
    basic_auth_restricted: bool = False  # only with the role snc_basic_auth_api_access
    password_grant_disabled: bool = False  # glide.oauth.inbound.ropc.grant_type.disabled
    multi_factor: bool = False  # 401 with X-MFA_TOKEN
    closed_apis: frozenset[str] = frozenset()  # "table", "batch", "attachment": a REST API access policy shuts them
    rest_acls: bool = False  # the four REST ACLs are active: needs snc_platform_rest_api_access
    locked_after: int = 0  # wrong passwords in a row; 0: never
    token_life: timedelta = timedelta(seconds=1800)
    refresh_token_life: timedelta = timedelta(seconds=8_640_000)

    # The platform (§4, §5)
    zone: str = "America/Los_Angeles"  # of users without their own
    instance_url: str = "https://sandbox.service-now.com"  # links are built from it, not from the host asked
    longest_url: int = 8192  # bytes
    rate_limits: tuple[RateLimit, ...] = ()
    session_queue: int = 10  # transactions that one cookie may have waiting; more get 202
    batch_serves: int | None = None  # items served within 30 s, the rest comes back unserviced
    batch_begun_is_done: bool = True  # the first of that rest was under way then, and ends all the same (unconfirmed)
    batch_items_count: bool = True  # each item counts in rate limits (unconfirmed)
    mishap: Mishap = ""
    mishap_methods: frozenset[str] = frozenset()  # empty: all
    choice_labels: Mapping[tuple[str, str, str], str] = field(default_factory=dict)  # (table, field, value): renamed
