"""A backlog of requests on a sandbox, worked off by `duo-worker run` in a process of its own, which may be killed.

The sandbox is in the test's process, which therefore sees every call and can kill the worker between any two of them.
"""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from connectors.sandbox.world import Sandbox
from tests import counted
from tests.faults import stage
from tests.faults.stage import APPLICATION, under_way
from tests.faults.stories import Scene, Story
from tests.kill.process import Offset
from tests.kill.seam import Instant, Seam, Trigger
from tests.kill.services import TOO_LONG, Service, first_of
from tests.rig import UNHURRIED, System
from worker import wiring
from worker.ledger import marks
from worker.ledger.database import Ledger
from worker.ledger.migrate import migrate
from worker.ledger.schema import requests
from worker.poll import LAST_POLL
from worker.steps.fingerprint import PROBE

LOOK: Final = 0.02
IDLE: Final = 0.25
OFTEN: Final = {"worker": {"poll_every": "1s"}}
INSTANTS: Final[tuple[Instant, ...]] = ("before", "after", "answered")
ENDINGS: Final = (0, -signal.SIGKILL, -signal.SIGTERM)
"""How one may end that is told to: killed just before, or while it only starts and doesn't listen yet."""
FARTHEST: Final = 24
"""Calls that a process may make at most before it is killed, two passes or so."""


class Watch:
    """The clock of both processes: it goes as the real one does and can be moved on."""

    def __init__(self, file: Path) -> None:
        self.file = Offset(file)
        self._seconds = 0.0
        self.file.set(self._seconds)

    def __call__(self) -> datetime:
        return wiring.now() + timedelta(seconds=self._seconds)

    def pass_(self, span: timedelta) -> None:
        self._seconds += span.total_seconds()
        self.file.set(self._seconds)


@dataclass
class Backlog:
    """One installation. `scenes` are all requests so far."""

    sandbox: Sandbox
    clock: Watch
    ledger: Ledger
    service: Service
    seam: Seam
    system: System
    scenes: list[Scene] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    kills: int = 0
    _pause: threading.Event = field(default_factory=threading.Event)

    def file(self, story: Story) -> Scene:
        """One more request."""
        self.scenes.append(story.begin(self, len(self.scenes)))
        return self.scenes[-1]

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait while the worker works."""
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() < begun + TOO_LONG, self._said("waited too long")
            assert self.service.ended() is None, self._said("it has ended")
            self._pause.wait(LOOK)

    def until_quiet(self) -> None:
        """Wait until nothing is under way, moving the clock on while the worker only waits."""
        assert self._until_quiet_or_killed(), self._said("it was killed")

    def under_way(self) -> bool:
        """Whether any request isn't at a rest."""
        return under_way(self.ledger)[0] > 0

    def work_off(self, kills: int, chance: random.Random) -> None:
        """Let the worker run until it is quiet; kill it up to `kills` times on the way, at seeded instants."""
        left = kills
        while True:
            self.service.start()
            left -= 1
            timer = self._arm(chance) if left >= 0 else None
            quiet = self._until_quiet_or_killed()
            self.seam.arm(None)
            if timer is not None:
                timer.cancel()
            if quiet:
                code = self.service.stop()
                assert code in ENDINGS, self._said(f"ended with {code}")
                return

    def _arm(self, chance: random.Random) -> threading.Timer | None:
        """At a call, or at any time, starting up included."""
        if chance.random() < 0.8:
            trigger = Trigger(self.service.kill, chance.randint(1, FARTHEST), chance.choice(INSTANTS))
            trigger.delay = chance.uniform(0, 0.03)
            self.seam.arm(trigger)
            return None
        timer = threading.Timer(chance.uniform(0, 1.5), self.service.kill)
        timer.daemon = True
        timer.start()
        return timer

    def _until_quiet_or_killed(self) -> bool:
        since, begun = self.clock(), time.monotonic()
        while time.monotonic() < begun + TOO_LONG:
            self._pause.wait(LOOK)
            if (code := self.service.ended()) is not None:
                assert code == -signal.SIGKILL, self._said(f"ended by itself with {code}")
                self.kills += 1
                counted.tried("kills")
                return False
            if time.monotonic() < self.seam.last_call + IDLE or not self._has_polled(since):
                continue
            count, due = under_way(self.ledger)
            if not count and not self._looks_due():
                return True
            if due is not None and due > self.clock():
                self.clock.pass_(due - self.clock())
                since = self.clock()
        raise AssertionError(self._said(f"not quiet after {TOO_LONG} s"))

    def _looks_due(self) -> bool:
        """Whether a delivered request is to be looked at by now."""
        with self.ledger.reading() as connection:
            waiting = select(requests.c.id).where(requests.c.state == "awaiting", requests.c.due_at <= self.clock())
            return connection.execute(waiting.limit(1)).first() is not None

    def _has_polled(self, since: datetime) -> bool:
        with self.ledger.reading() as connection:
            polled = marks.get(connection, LAST_POLL)
        return polled is not None and polled[1] >= since

    def _said(self, what: str) -> str:
        log = self.service.log
        return f"{what}\n{log.read_text(encoding='utf-8')[-6000:] if log.is_file() else ''}"


@contextmanager
def backlog(
    folder: Path,
    changes: dict[str, dict[str, Any]] | None = None,
    *,
    system: System = "servicenow",
    log: str = "log",
    busy: int = 10_000,
    size: int = 1,
    choose: Callable[[Sequence[int], Ledger], int] = lambda pids, _: first_of(pids),
) -> Iterator[Backlog]:
    """A sandbox, an empty ledger with a proven fingerprint, and no process yet; `size` workers will share it."""
    watch = Watch(folder / "offset")
    tables = {
        name: {**stage.CHANGES.get(name, {}), **UNHURRIED.get(name, {}), **OFTEN.get(name, {})}
        for name in {**stage.CHANGES, **UNHURRIED, **OFTEN}
    }
    for name, keys in (changes or {}).items():
        tables[name] = {**tables.get(name, {}), **keys}
    with Sandbox.start(clock=watch, folder=folder) as sandbox:
        sandbox.duo.switches.clock_skew = None
        sandbox.duo.limits.clear()  # its minutes are those of a clock that jumps
        sandbox.duo.set_policy(APPLICATION, new_user="deny")
        sandbox.teamdynamix.switch(limited=False)  # so are its windows
        config = sandbox.config(folder, tables, tickets=system)
        settings = wiring.settings(config, {})
        migrate(settings.worker.state, wiring.keys(settings), watch())
        ledger = wiring.ledger(settings)
        with ledger.writing() as connection:
            marks.put(connection, PROBE, {}, watch())
        service = Service(
            config, watch.file.file, folder / log, busy=busy, size=size, choose=lambda pids: choose(pids, ledger)
        )
        try:
            yield Backlog(sandbox, watch, ledger, service, Seam(sandbox), system)
        finally:
            service.kill_all()
            service.stop()
            ledger.engine.dispose()
