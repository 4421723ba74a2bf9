"""All that was written down while a case was played, looked through for what was secret in it (design §6.5, §6.7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain
from pathlib import Path

from connectors.errors import ConnectorError
from tests.faults.effects import Wrong
from tests.faults.stage import Stage
from tests.secrets import sinks
from tests.secrets.planted import Planted
from tests.secrets.sinks import Sunk, errors_to, leaks, logging_to
from worker.ledger.database import sqlite_file


@dataclass
class Written:
    """`log` and `raised` are emptied after every case."""

    stage: Stage
    log: StringIO = field(default_factory=StringIO)
    raised: list[ConnectorError] = field(default_factory=list)

    def leaked(self) -> list[Wrong]:
        """What of the last case's secrets stands where it doesn't belong: a link belongs into mails alone."""
        planted = self._planted()
        found = leaks(self._sunk(), planted)
        found += [leak for leak in leaks(sinks.mails(self.stage.sandbox), planted) if leak.what != "link"]
        self.log.seek(0)
        self.log.truncate()
        self.raised.clear()
        return [Wrong("leaked", f"{leak.what} in {leak.place}: {leak.around}") for leak in found]

    @property
    def _var(self) -> Path:
        """Where the ledger is."""
        ledger = sqlite_file(self.stage.rig.settings.worker.state)
        assert ledger is not None
        return ledger.parent

    def _planted(self) -> Planted:
        planted = Planted()
        planted.files(self._var.with_name("secrets"))
        planted.collect(self.stage.sandbox)
        assert planted.values["access token"], "else a scan that finds nothing says nothing"
        return planted

    def _sunk(self) -> Iterator[Sunk]:
        return chain(
            [Sunk("log", self.log.getvalue())],
            sinks.errors(self.raised),
            sinks.tickets(self.stage.sandbox),
            sinks.files(self._var),
        )


@contextmanager
def written(stage: Stage) -> Iterator[Written]:
    """From now on, at DEBUG."""
    made = Written(stage)
    with logging_to(made.log), errors_to(made.raised):
        yield made
