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
    """`log` and `raised` are emptied after every case.

    Looked for are the secrets of the last case and of the one before, in whatever has changed since: each case has
    secrets of its own, so that what stood there before can't hold them. Passphrases are those of the last case alone:
    the ticket of the one before was closed in the middle of its life.
    """

    stage: Stage
    log: StringIO = field(default_factory=StringIO)
    raised: list[ConnectorError] = field(default_factory=list)
    read: set[Sunk] = field(default_factory=set)
    last: Planted = field(default_factory=Planted)
    earlier: Planted = field(default_factory=Planted)

    def leaked(self) -> list[Wrong]:
        """What of the last case's secrets stands where it doesn't belong: a link belongs into mails alone."""
        planted = self._planted()
        found = leaks((each for each in self._sunk() if each not in self.read), planted)
        self.read = set(sinks.tickets(self.stage.sandbox))
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
        made = Planted()
        made.collect(self.stage.sandbox)
        planted = made.without(self.earlier)
        self.earlier, self.last = self.last, made
        assert planted.values["access token"], "else a scan that finds nothing says nothing"
        planted.files(self._var.with_name("secrets"))
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
