"""Spans of time from the configuration: what limits are counted over, and when a delivered request is looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Windows:
    """Spans before `now`."""

    now: datetime
    codes: timedelta  # codes_per_person
    opener: timedelta  # per_opener
    reset: timedelta  # reset_window


@dataclass(frozen=True)
class FollowUp:
    """Keys of [follow_up] and [policy]."""

    check_after: tuple[timedelta, ...]
    remind_after: timedelta
    give_up_after: timedelta
    closes: bool  # on_give_up = "close_incomplete"
    expected_countries: tuple[str, ...]
