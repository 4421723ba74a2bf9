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
from tests.rig import Clock, Rig, System, running
from worker import wiring
from worker.brakes import SYSTEMS, paused_system, resume
from worker.gates import LOG_EVERY
from worker.ledger.columns import EPOCH, MICROSECOND
from worker.ledger.database import Ledger
from worker.ledger.migrate import BORN, CANARY
from worker.ledger.schema import marks, metadata, moves
from worker.log_watch import watch_log
from worker.once import DIRECTORY_EVERY, work_off
from worker.poll import poll
from worker.reconcile import reconcile_if_due, take_in
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
    "teamdynamix": {"timeout": "1s"},
    "duo": {"timeout": "1s", "create_users": True},
    "password_pusher": {"timeout": "1s"},
    "mail": {"timeout": "1s"},
    "policy": {"retire_dead_phones": True, "retire_check_applications": [APPLICATION]},
}


@dataclass(frozen=True)
class ClockedLedger(Ledger):
    """A ledger whose own clock goes with the worker's and, as real time does, on: no budget is waited for."""

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
    """One installation. `begin` clears it for the next case.

    The worker's own clock is `skew` off the sandbox's.
    """

    rig: Rig
    shop: Shop
    skew: timedelta = timedelta()
    cases: int = 0
    tickets: list[str] = field(default_factory=list)  # of the case before
    log_read: datetime = EPOCH

    @property
    def sandbox(self) -> Sandbox:
        return self.rig.sandbox

    @property
    def system(self) -> System:
        return self.rig.system

    @property
    def clock(self) -> Clock:
        return self.rig.clock

    def workers_clock(self) -> datetime:
        """What the worker takes for the time."""
        return self.clock() + self.skew

    @property
    def ledger(self) -> Ledger:
        return self.shop.ledger

    def begin(self, *, proven: bool, at: datetime | None = None) -> int:
        """A day later or `at` a time, nothing known or remembered but the directory; the number of the case."""
        self.cases += 1
        self.skew = timedelta()
        while self.tickets:
            self.rig.site.close(self.tickets.pop(), "admin")
        self.clock.at = at or (self.clock.at + NEXT_CASE).replace(microsecond=0)
        self.sandbox.faults.set()
        self.sandbox.calls.clear()
        self.sandbox.mail.empty()
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
        """Let the worker go on until nothing of any request is under way; an operator lifts what pauses a system.

        A pass that met a fault is never the last: what it didn't see isn't at a rest. Who refuses connections does so
        for a moment of real time, in which hours of the stage's could pass: one pass more meets that, and no other.
        """
        by_state = True
        for _ in range(ROUNDS):
            met = len(self.sandbox.faults.met)
            seen = self._pass(by_state=by_state)
            by_state = not seen
            if any(paused_system(self.ledger, system) for system in SYSTEMS):
                resume(self.ledger, self.workers_clock())
            elif seen and met == len(self.sandbox.faults.met) and not under_way(self.ledger)[0]:
                return
            if met == len(self.sandbox.faults.met):
                self._until_whole()
            self._wait()
        raise NeverQuiet(f"not quiet after {ROUNDS} passes")

    def _pass(self, *, by_state: bool) -> bool:
        """What the service's ticks and threads do at one moment; whether the ticket system was seen."""
        done: set[str] = set()
        if self.shop.is_outdated():  # the service builds its tools anew where a system was resumed
            anew = wiring.shop(self.rig.settings, self.ledger, clock=self.workers_clock)
            self.shop = replace(anew, polling=replace(anew.polling, start_from=self.shop.polling.start_from))
        shop, now = self.shop, self.workers_clock()
        works: dict[str, Callable[[], object]] = {"poll": lambda: poll(shop.polling, now)}
        if shop.directory.age() >= DIRECTORY_EVERY:
            works = {"directory": shop.directory.refresh, **works}
        if by_state:
            works["by state"] = lambda: take_in(shop)
        for name, work in works.items():
            tended(name, _noting(done, name, work), shop.worker)()
        reconcile_if_due(shop)
        if now - self.log_read >= LOG_EVERY:
            self.log_read = now
            tended("log", lambda: watch_log(shop.worker), shop.worker)()
        work_off(shop)
        return done == works.keys()

    def _until_whole(self) -> None:
        while not self.sandbox.is_whole:
            self.shop.stop.wait(0.005)

    def _wait(self) -> None:
        _, due = under_way(self.ledger)
        soon = self.clock() + timedelta(seconds=1)
        self._go_on_to(self.clock() + PAUSE if due is None else max(due - self.skew, soon))

    def _go_on_to(self, moment: datetime) -> None:
        """Calls that are carried out late are at their own time."""
        while (late := self.sandbox.faults.late_at) is not None and late <= moment:
            self.clock.at = max(late, self.clock.at)
            self.sandbox.faults.catch_up()
        self.clock.at = moment


UNDER_WAY: Final = """
    SELECT count(*), min(due_at) FROM requests
    WHERE ((state IN ('new', 'acting') OR attempts > 0) AND due_at IS NOT NULL)
       OR id IN (SELECT request_id FROM steps WHERE state IN ('planned', 'begun'))
"""


def under_way(ledger: Ledger) -> tuple[int, datetime | None]:
    """How many requests aren't at a rest, and when the first of them is due; watching is rest."""
    with ledger.reading() as connection:
        count, due = connection.exec_driver_sql(UNDER_WAY).one()
    return int(count), None if due is None else EPOCH + due * MICROSECOND


def _noting(done: set[str], name: str, work: Callable[[], object]) -> Callable[[], None]:
    def noted() -> None:
        work()
        done.add(name)

    return noted


@contextmanager
def stage(
    folder: Path, changes: dict[str, dict[str, Any]] | None = None, *, system: System = "servicenow"
) -> Iterator[Stage]:
    """A sandbox, an empty ledger and a worker with short time-outs."""
    with running(folder, changes or CHANGES, system=system) as rig:
        rig.sandbox.faults.silence = SILENCE
        rig.sandbox.duo.set_policy(APPLICATION, new_user="deny")
        known = rig.shop.ledger
        ledger = ClockedLedger(known.engine, known.keys, rig.clock, time.monotonic())
        made = Stage(rig, rig.shop)
        made.shop = wiring.shop(rig.settings, ledger, clock=made.workers_clock)
        yield made
