"""The one way in which a connector repeats something by itself: reads, soon, and only what may be sent again.

Writes never pass through here. Whatever takes longer than `WITHIN` is a due time of the caller.
"""

import threading
from datetime import timedelta

import tenacity

from connectors.errors import Unavailable

TRIES = 3
WITHIN = timedelta(seconds=10)
FIRST_PAUSE = timedelta(milliseconds=500)


def reading(stop: threading.Event) -> tenacity.Retrying:
    """A policy to call a read with: `reading(stop)(read, …)` answers or raises what `read` raised last.

    Tries `TRIES` times, starting none later than `WITHIN` after the first, and only after `Unavailable`. Once `stop` is
    set no pause lasts and no failure is tried again. The other side's `retry_after` is waited for in full or, where it
    is too far off, not at all.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Unavailable),
        stop=tenacity.stop_any(
            tenacity.stop_after_attempt(TRIES),
            tenacity.stop_before_delay(WITHIN),
            tenacity.stop_when_event_set(stop),
        ),
        wait=_pause,
        sleep=tenacity.sleep_using_event(stop),
        reraise=True,
    )


def _pause(state: tenacity.RetryCallState) -> float:
    """Seconds before the next try: 0.5, 1, … or what the other side asked for, if that is longer."""
    own = FIRST_PAUSE * (1 << state.attempt_number - 1)
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, Unavailable) else None
    return max(own, asked or own).total_seconds()
