"""When a request that couldn't go on is due again: one pure function of its attempts."""

import hashlib
from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(minutes=15)
SOON = timedelta(minutes=1)
AFTER_DOUBT = timedelta(seconds=10)


def backoff(key: str, attempts: int) -> timedelta:
    """10 s doubling to 15 min, less up to a fifth by the request's key, so that a backlog doesn't come back at once."""
    span: timedelta = min(FIRST * 2 ** min(attempts, 10), LONGEST)
    share = hashlib.sha256(f"{key} {attempts}".encode()).digest()[0] / 255
    return span - span * share / 5
