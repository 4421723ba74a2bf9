"""A sandbox and a worker on which one case after the other is played, each with people of its own.

Making a sandbox, a ledger and the worker's tools takes longer than most cases do; so the ledger is emptied and what
the tools remember is forgotten, while the clock goes on by days.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, delete, literal

from connectors.sandbox.world import Sandbox
from tests.rig import Clock, Rig, running
from worker import wiring
from worker.brakes import SYSTEMS, paused_system, resume
from worker.ledger import requests
from worker.ledger.columns import EPOCH, MICROSECOND
from worker.ledger.database import Ledger
from worker.ledger.migrate import BORN, CANARY
from worker.ledger.schema import marks, metadata, moves
from worker.once import DIRECTORY_EVERY, work_off
from worker.poll import poll, reconcile
from worker.shop import Shop
from worker.tending import tended

SILENCE: Final = timedelta(seconds=1.3)
NEXT_CASE: Final = timedelta(days=1)
PAUSE: Final = timedelta(seconds=61)  # longer than any Retry-After of the sandbox
ROUNDS: Final = 60
FOREVER: Final = (CANARY, BORN, "caps")
APPLICATION: Final = "DISANDBOXPORTAL00001"
CHANGES: Final[dict[str, dict[str, Any]]] = {
    "servicenow": {"timeout": "1s"},
    "duo": {"timeout": "1s", "create_users": True},
    "password_pusher": {"timeout": "1s"},
    "mail": {"timeout": "1s"},
    "policy": {"retire_dead_phones": True, "retire_check_applications": [APPLICATION]},
}


@dataclass(frozen=True)
class ClockedLedger(Ledger):
    """A ledger whose own clock goes with the worker's and, as real time does, on: no budget or lease is waited for."""

    clock: Callable[[], datetime]
    begun: float

    @property
    def now(self) -> Any:
        flown = timedelta(seconds=time.monotonic() - self.begun)
        return literal((self.clock() + flown - EPOCH) // MICROSECOND, BigInteger)


class NeverQuiet(AssertionError):
    """The worker found no end."""


@dataclass
class Stage:
    """One installation. `begin` clears it for the next case."""

    rig: Rig
    shop: Shop
    cases: int = 0
    tickets: list[str] = field(default_factory=list)  # of the case before

    @property
    def sandbox(self) -> Sandbox:
        return self.rig.sandbox

    @property
    def clock(self) -> Clock:
        return self.rig.clock

    @property
    def ledger(self) -> Ledger:
        return self.shop.ledger

    def begin(self, *, proven: bool, at: datetime | None = None) -> int:
        """A day later or `at` a time, nothing known or remembered but the directory; the number of the case."""
        self.cases += 1
        while self.tickets:
            self.sandbox.servicenow.close(self.tickets.pop(), "admin")
        self.clock.at = at or (self.clock.at + NEXT_CASE).replace(microsecond=0)
        self.sandbox.faults.set()
        self.sandbox.calls.clear()
        with self.ledger.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                if table not in (moves, marks):
                    connection.execute(delete(table))
            connection.execute(delete(marks).where(marks.c.name.not_in(FOREVER)))
        for name in ("_account", "_hold_group"):
            vars(self.shop.worker.systems.tickets).pop(name, None)
        self.shop = replace(self.shop, polling=replace(self.shop.polling, start_from=self.clock()))
        if proven:
            self.rig.prove_fingerprint()
        return self.cases

    def until_quiet(self) -> None:
        """Let the worker go on until nothing of any request is under way; an operator lifts what pauses a system."""
        by_state = True
        for _ in range(ROUNDS):
            seen = self._pass(by_state=by_state)
            by_state = not seen
            if any(paused_system(self.ledger, system) for system in SYSTEMS):
                resume(self.ledger, self.clock())
            elif seen and not self._under_way():
                return
            self._wait()
        raise NeverQuiet(f"not quiet after {ROUNDS} passes")

    def _pass(self, *, by_state: bool) -> bool:
        """What the service's ticks and threads do at one moment; whether the ticket system was seen."""
        done: set[str] = set()
        shop, now = self.shop, self.clock()
        works: dict[str, Callable[[], object]] = {"poll": lambda: poll(shop.polling, now)}
        if shop.directory.age() >= DIRECTORY_EVERY:
            works = {"directory": shop.directory.refresh, **works}
        if by_state:
            works["reconcile"] = lambda: reconcile(shop.polling, now)
        for name, work in works.items():
            tended(name, _noting(done, name, work), shop.ledger, self.clock)()
        work_off(shop)
        return done == works.keys()

    def _under_way(self) -> bool:
        with self.ledger.reading() as connection:
            return bool(connection.exec_driver_sql(UNDER_WAY).scalar_one())

    def _wait(self) -> None:
        due = requests.next_due(self.ledger)
        soon = self.clock() + timedelta(seconds=1)
        if due is None or due > self.clock() + timedelta(hours=1):
            due = self.clock() + PAUSE
        self.clock.at = max(due, soon)
        self.sandbox.faults.catch_up()


UNDER_WAY: Final = """
    SELECT (SELECT count(*) FROM requests WHERE (state IN ('new', 'acting') OR attempts > 0) AND due_at IS NOT NULL)
         + (SELECT count(*) FROM steps WHERE state IN ('planned', 'begun'))
"""


def _noting(done: set[str], name: str, work: Callable[[], object]) -> Callable[[], None]:
    def noted() -> None:
        work()
        done.add(name)

    return noted


@contextmanager
def stage(folder: Path, changes: dict[str, dict[str, Any]] | None = None) -> Iterator[Stage]:
    """A sandbox, an empty ledger and a worker with short time-outs."""
    with running(folder, changes or CHANGES) as rig:
        rig.sandbox.faults.silence = SILENCE
        rig.sandbox.duo.set_policy(APPLICATION, new_user="deny")
        known = rig.shop.ledger
        ledger = ClockedLedger(known.engine, known.keys, rig.clock, time.monotonic())
        rig.shop = wiring.shop(rig.settings, ledger, clock=rig.clock)
        yield Stage(rig, rig.shop)
