"""The spans that limits are counted over, from [policy]."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Windows:
    """Spans before `now`."""

    now: datetime
    codes: timedelta  # codes_per_person
    opener: timedelta  # per_opener
    reset: timedelta  # reset_window
