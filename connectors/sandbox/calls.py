"""What the stand-ins were asked, in order: the evidence that something was done once, or not at all."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """One call as a stand-in saw it. `at` is when it arrived; `status` 0 stands for "no answer was given"."""

    at: datetime
    system: str  # servicenow, duo, password_pusher, mail
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    status: int = 0
    body: bytes = field(default=b"", repr=False)  # of the request

    @property
    def writes(self) -> bool:
        """Whether it was meant to change something (a mail does)."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


class CallLog:
    """All calls so far, in the order in which they were answered. Safe to share between threads and stand-ins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """Append one call."""
        with self._lock:
            self._calls.append(call)

    def __iter__(self) -> Iterator[Call]:
        """The calls up to now; later ones don't disturb the iteration."""
        with self._lock:
            return iter(tuple(self._calls))

    def __len__(self) -> int:
        with self._lock:
            return len(self._calls)

    def select(self, system: str = "", method: str = "", path: str = "", *, since: int = 0) -> tuple[Call, ...]:
        """The calls of one system, method and start of a path; an empty word asks for any.

        `since` is a `len()` taken earlier: only calls answered after that moment.
        """
        return tuple(
            call
            for call in tuple(self)[since:]
            if system in ("", call.system) and method in ("", call.method) and call.path.startswith(path)
        )

    def writes(self, system: str = "", *, since: int = 0) -> tuple[Call, ...]:
        """The calls meant to change something; a token request is one too, to those who look at methods only."""
        return tuple(call for call in self.select(system, since=since) if call.writes)

    def clear(self) -> None:
        """Forget everything so far."""
        with self._lock:
            self._calls.clear()
