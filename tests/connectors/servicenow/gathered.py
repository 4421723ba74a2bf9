"""Writes that are gathered, and ways to send them that no server is needed for."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import requests

from connectors.gate import Gate, free
from connectors.servicenow.gathering import Gathering, Outcome, Turn
from connectors.servicenow.write import Write, write_of
from tests.connectors.servicenow.together import Door, together

RECORDS = [f"{number:032x}" for number in range(16)]
whose: ContextVar[str] = ContextVar("whose", default="")


def a_write(record: str, note: str = "a note") -> Write:
    return write_of("sc_task", record, {"work_notes": note}, ())


def answer(write: Write, status: int = 200) -> requests.Response:
    """One that tells whose it is."""
    made = requests.Response()
    made.status_code, made.url = status, write.record
    return made


class Sent:
    """A way to send that keeps which writes went together; `what` becomes of them is by record."""

    def __init__(self, what: Callable[[Write], Outcome] = answer) -> None:
        self.calls: list[list[str]] = []
        self._what = what

    def __call__(self, turn: Turn) -> Sequence[Outcome]:
        writes = turn()
        self.calls.append([write.record for write in writes])
        return [self._what(write) for write in writes]


def gathering(gate: Gate, beside: Gate = free, most: int = 10, largest: int = 10_000) -> Gathering:
    return Gathering(gate, beside, most=most, largest=largest)


def carried(
    made: Gathering, door: Door, send: Callable[[Turn], Sequence[Outcome]], records: Sequence[str], **differs: Any
) -> list[Any]:
    works = [lambda record=record: made.carry(a_write(record, **differs), send) for record in records]
    return together(door, lambda: made.waiting, works)


def records_of(came: Sequence[Any]) -> list[str]:
    return [each.url for each in came]
