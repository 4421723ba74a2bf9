"""What the ledger says of a request and its person, handed in so that the gatherers need no database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Known:
    """The ledger's part of the facts. The defaults are those of a request seen for the first time."""

    in_ledger: bool = False  # False: never seen, so our mark on the ticket means a restored back-up
    edited_at: datetime | None = None  # no `#verified` from before counts; None: any does
    edited_since_decided: bool = False
    codes_recently: int = 0
    opened_recently: int = 0
    password_reset: bool = False
    other_number: bool = False
    retired_phones: bool = False  # this request has taken, or may have taken, the person's phones off their record
    made_phone_ids: frozenset[str] = frozenset()  # phones the worker ever made, for anybody
