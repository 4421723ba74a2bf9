"""When a read is tried again, and how long is waited in between."""

import threading
from datetime import timedelta

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.reading import reading


class Pauses(threading.Event):
    """A stop event that notes how long it was asked to wait, and waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Never set by itself."""
        self.seconds.append(timeout or 0.0)
        return self.is_set()


class Failing:
    """A read that fails with each of `errors` in turn, then answers."""

    def __init__(self, *errors: ConnectorError) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


def unavailable(retry_after: timedelta | None = None) -> Unavailable:
    return Unavailable("duo", "busy", retry_after=retry_after)


def test_a_read_is_tried_three_times_with_growing_pauses() -> None:
    stop, read = Pauses(), Failing(unavailable(), unavailable())
    assert reading(stop)(read) == "answer"
    assert (read.calls, stop.seconds) == (3, [0.5, 1.0])


def test_the_third_failure_is_the_callers() -> None:
    last = unavailable()
    read = Failing(unavailable(), unavailable(), last)
    with pytest.raises(Unavailable) as failure:
        reading(Pauses())(read)
    assert failure.value is last


def test_a_near_retry_after_is_waited_for() -> None:
    stop = Pauses()
    reading(stop)(Failing(unavailable(timedelta(seconds=4))))
    assert stop.seconds == [4.0]


def test_a_far_retry_after_is_left_to_the_caller() -> None:
    stop, read = Pauses(), Failing(unavailable(timedelta(seconds=11)))
    with pytest.raises(Unavailable):
        reading(stop)(read)
    assert (read.calls, stop.seconds) == (1, [])


@pytest.mark.parametrize(
    "error", [Refused("duo", "40401", "no"), Uncertain("duo", "lost"), Misconfigured("duo", "wrong key")]
)
def test_nothing_but_unavailable_is_tried_again(error: ConnectorError) -> None:
    read = Failing(error)
    with pytest.raises(type(error)):
        reading(Pauses())(read)
    assert read.calls == 1


def test_a_worker_that_stops_tries_nothing_again() -> None:
    stop, read = Pauses(), Failing(unavailable())
    stop.set()
    with pytest.raises(Unavailable):
        reading(stop)(read)
    assert read.calls == 1
