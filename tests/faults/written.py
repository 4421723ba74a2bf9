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
from tests.secrets.sinks import Leak, Sunk, errors_to, leaks, logging_to
from worker.ledger.database import sqlite_file


@dataclass
class Written:
    """`log` and `raised` are emptied after every case; tickets, which are many, are read after many cases.

    Looked for are the secrets of the last case and of the one before, on tickets those since the last reading, in
    whatever has changed since: each case has secrets of its own, so that what stood there before can't hold them.
    """

    stage: Stage
    log: StringIO = field(default_factory=StringIO)
    raised: list[ConnectorError] = field(default_factory=list)
    read: set[Sunk] = field(default_factory=set)
    last: Planted = field(default_factory=Planted)
    earlier: Planted = field(default_factory=Planted)
    since: Planted = field(default_factory=Planted)

    def leaked(self) -> list[Wrong]:
        """What of the last case's secrets stands where it doesn't belong: a link belongs into mails alone."""
        planted = self._planted()
        found = leaks(self._sunk(), planted)
        found += [leak for leak in leaks(sinks.mails(self.stage.sandbox), planted) if leak.what != "link"]
        self.log.seek(0)
        self.log.truncate()
        self.raised.clear()
        return _wrongs(found)

    def leaked_on_tickets(self) -> list[Wrong]:
        """As `leaked`, on any ticket and of all cases since this was asked last.

        Not in the passphrase's field, which effects are judged by: cases end in the middle of a request's life.
        """
        now = set(sinks.tickets(self.stage.sandbox))
        found = [leak for leak in leaks(iter(now - self.read), self.since) if sinks.FIELD not in leak.place]
        self.read, self.since = now, Planted()
        return _wrongs(found)

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
        self.since.take(planted)
        return planted

    def _sunk(self) -> Iterator[Sunk]:
        return chain(
            [Sunk("log", self.log.getvalue())],
            sinks.errors(self.raised),
            sinks.files(self._var),
        )


def _wrongs(found: list[Leak]) -> list[Wrong]:
    return [Wrong("leaked", f"{leak.what} in {leak.place}: {leak.around}") for leak in found]


@contextmanager
def written(stage: Stage) -> Iterator[Written]:
    """From now on, at DEBUG."""
    made = Written(stage)
    with logging_to(made.log), errors_to(made.raised):
        yield made
