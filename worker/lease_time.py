"""No outward call begins with less lease left than it may take: whoever comes later must not meet it under way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from connectors.errors import Unavailable

MARGIN = timedelta(seconds=5)

_ends_at: ContextVar[float | None] = ContextVar("lease_ends_at", default=None)


@contextmanager
def within_lease(lease: timedelta) -> Iterator[None]:
    """What is called inside is called under a lease that has just begun."""
    token = _ends_at.set(time.monotonic() + lease.total_seconds())
    try:
        yield
    finally:
        _ends_at.reset(token)


def renewed(lease: timedelta) -> None:
    """The lease has just begun anew."""
    if _ends_at.get() is not None:
        _ends_at.set(time.monotonic() + lease.total_seconds())


def check(system: str, timeout: timedelta) -> None:
    """Before a call that may take `timeout`.

    Raises:
        Unavailable: It may outlast the lease; nothing was sent.
    """
    ends_at = _ends_at.get()
    if ends_at is not None and ends_at - time.monotonic() < (timeout + MARGIN).total_seconds():
        raise Unavailable(system, "the lease on the request ends too soon for another call")
