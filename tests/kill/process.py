"""`duo-worker run` as a process of its own, on a clock that the test sets, so that minutes needn't be waited for."""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from apscheduler.schedulers import base as scheduling
from apscheduler.triggers import interval

from rules.table import load_enrollment, load_follow_up, load_guards
from worker import wiring
from worker.cli import main
from worker.ledger import database
from worker.settings.support import Support
from worker.texts import load


class Offset:
    """How far a clock is from the real one: kept in a file, as both processes must agree."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self) -> datetime:
        """The time on the clock."""
        real = datetime.now(UTC)  # noqa: TID251 - what stands in for the wiring's clock is set by it
        return real + timedelta(seconds=float(self.file.read_text(encoding="utf-8")))

    def set(self, seconds: float) -> None:
        """Replaced as a whole: no reader may find it half written."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds), encoding="utf-8")
        new.replace(self.file)


def run(config: str, offset: str, log: str, busy: int, environ: Mapping[str, str]) -> None:
    """The process: `duo-worker --config CONFIG run`, whose output goes to `log`.

    `busy` is for how many milliseconds it waits for a locked ledger; `environ` is put into the environment, as what
    forks the processes off has that of when it was started itself.
    """
    os.environ.update(environ)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    clock = Offset(Path(offset))

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one will do
            return clock().astimezone(tz)

    for module in (wiring, scheduling, interval):
        vars(module)["datetime"] = Shifted
    vars(database)["SQLITE_BUSY_MS"] = busy
    sys.argv = ["duo-worker", "--config", config, "run"]
    main.run()


def warm() -> None:
    """What is the same for every process is read before the first is forked off."""
    load(Support())
    load_guards()
    load_enrollment()
    load_follow_up()


warm()
