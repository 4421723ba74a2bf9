"""Writes of several threads that come due at the same time, gathered into one call.

The first passes the gate; what comes while it waits there goes with it, and what comes later is led by the next: no
write waits for the answer of a call that it doesn't go with, so none goes later than it would by itself.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field

import requests

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import Gate
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.write import Write

Outcome = requests.Response | ConnectorError
"""What became of one write: an answer, whatever its status, or why there is none."""


@dataclass(eq=False)
class _Place:
    """A write in the queue; `context` is that of its own thread, in which its lease is."""

    write: Write
    context: Context = field(default_factory=copy_context)
    outcome: Outcome | None = None


class Gathering:
    """Up to `most` writes of at most `largest` bytes in all go together, no two of them to the same record.

    `gate` is passed for the call, in the thread of the first of them; `beside`, where several go, for each of them, in
    the context of its own thread: it waits for nothing. Whom it raises `Unavailable` for stays, and comes to be first.
    """

    def __init__(self, gate: Gate, beside: Gate, *, most: int, largest: int) -> None:
        self._gate = gate
        self._beside = beside
        self._most = most
        self._largest = largest
        self._moved = threading.Condition()
        self._queue: deque[_Place] = deque()
        self._gathers = False  # somebody is at the gate

    @property
    def waiting(self) -> int:
        """How many writes wait to go, the one at the gate not counted."""
        return len(self._queue)

    def carry(self, write: Write, send: Callable[["Turn"], Sequence[Outcome]]) -> requests.Response:
        """The answer to `write`, which this thread or another sent. Raises the connectors' errors.

        `send` is given a turn, which says whose writes go, and gives an outcome for each of them in that order; a
        connector's error that it raises is everybody's.
        """
        place = _Place(write)
        self._wait(place)
        outcome = self._lead(place, send) if place.outcome is None else place.outcome
        if isinstance(outcome, ConnectorError):
            raise outcome
        return outcome

    def _wait(self, place: _Place) -> None:
        """Until the place has its outcome, or has none and leads from now on."""
        with self._moved:
            self._queue.append(place)
            try:
                self._moved.wait_for(lambda: place.outcome is not None or self._is_next(place))
            finally:
                if place in self._queue:
                    self._queue.remove(place)
            self._gathers = self._gathers or place.outcome is None

    def _is_next(self, place: _Place) -> bool:
        return not self._gathers and bool(self._queue) and self._queue[0] is place

    def _lead(self, place: _Place, send: Callable[["Turn"], Sequence[Outcome]]) -> Outcome:
        turn = Turn(self, place)
        try:
            own, *others = send(turn)
            turn.settle(others)
        except ConnectorError as error:
            turn.settle([_for_another(error) for _ in turn.writes[1:]])
            raise
        finally:
            turn.end()
        return own

    def pass_gate(self, going: list[_Place]) -> None:
        """The gate, for the one who gathers; whoever then goes as well is added. The next may gather."""
        try:
            self._gate()
            self._join(going)
        finally:
            self.give_way()

    def pass_again(self, going: Sequence[_Place]) -> None:
        """The gate once more, for all, as their call has to be made again; what it raises is everybody's."""
        self._gate()
        if len(going) > 1:
            self._all_beside(going)

    def give_way(self) -> None:
        """Let the next in the queue gather."""
        with self._moved:
            self._gathers = False
            self._moved.notify_all()

    def tell(self, outcomes: Sequence[tuple[_Place, Outcome]]) -> None:
        """Give them their outcomes."""
        with self._moved:
            for place, outcome in outcomes:
                place.outcome = outcome
            self._moved.notify_all()

    def _join(self, going: list[_Place]) -> None:
        while (place := self._next_beside(going)) is not None:
            try:
                self._all_beside([place] if len(going) > 1 else [*going, place])
            except Unavailable:
                return
            with self._moved:
                self._queue.remove(place)
                going.append(place)

    def _all_beside(self, places: Sequence[_Place]) -> None:
        for place in places:
            place.context.run(self._beside)

    def _next_beside(self, going: Sequence[_Place]) -> _Place | None:
        """Who is next in the queue, if there is room beside those who go."""
        with self._moved:
            place = self._queue[0] if self._queue and len(going) < self._most else None
        if place is None or any(place.write.record == each.write.record for each in going):
            return None
        size = sum(each.write.size for each in (*going, place))
        return place if size <= self._largest else None


class Turn:
    """The turn of one who leads and of those who go with it."""

    def __init__(self, gathering: Gathering, place: _Place) -> None:
        self._gathering = gathering
        self._gathered = False
        self._going = [place]

    def __call__(self) -> tuple[Write, ...]:
        """Pass the gate, right before sending: the writes that go, the leader's first.

        Asked again where the call has to be made again, with the same answer. Raises what gates raise; then nothing
        may be sent.
        """
        if self._gathered:
            self._gathering.pass_again(self._going)
        else:
            self._gathered = True
            self._gathering.pass_gate(self._going)
        return self.writes

    @property
    def writes(self) -> tuple[Write, ...]:
        """Those that go, as far as is known."""
        return tuple(place.write for place in self._going)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Tell the others what became of theirs, in their order."""
        self._gathering.tell(list(zip(self._going[1:], outcomes, strict=True)))

    def end(self) -> None:
        """Leave nobody waiting, however the turn went: who wasn't told can't know whether theirs was done."""
        if not self._gathered:
            self._gathering.give_way()
        untold = [place for place in self._going[1:] if place.outcome is None]
        self._gathering.tell([(place, Uncertain(SYSTEM, "whoever sent the batch failed")) for place in untold])


def _for_another(error: ConnectorError) -> ConnectorError:
    """The same failure, to be raised in another thread; one of our own budget stays that."""
    match error:
        case Unavailable():
            return type(error)(SYSTEM, error.detail, retry_after=error.retry_after)
        case Refused():
            return Refused(SYSTEM, error.code, error.detail)
        case Misconfigured():
            return Misconfigured(SYSTEM, error.detail)
        case _:
            return Uncertain(SYSTEM, error.detail)
