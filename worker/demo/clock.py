"""The demonstration's clock: the real one, which may be set forward so that days pass in a second."""

from datetime import datetime, timedelta

from worker.case import Clock


class Ahead:
    """Tells the time of `clock`, and how far it was set forward."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by = timedelta()

    def __call__(self) -> datetime:
        return self._clock() + self._by

    def set_forward(self, by: timedelta) -> None:
        self._by += by
