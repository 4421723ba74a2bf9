"""Failures played against the real connectors, row by row of docs/failures.md: what a read and a write raise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from connectors.errors import ConnectorError
from connectors.sandbox.messages import Response
from connectors.sandbox.tls import Certificates, certificates
from tests.connectors.scripted import Scripted, closed_port, raw_server

Call = Callable[["Where"], object]


@dataclass(frozen=True)
class Where:
    """A server that says what is played, and whom to trust."""

    port: int
    ca_file: str
    timeout: timedelta = field(default=timedelta(seconds=5))

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"


@dataclass(frozen=True)
class Calls:
    """One read and one write of a system; None where it has none of that kind."""

    read: Call | None
    write: Call | None

    def fail(self, where: Where) -> tuple[str, str]:
        """The errors that both raise, by name; "–" for a call that isn't there."""
        return raised(self.read, where), raised(self.write, where)


@dataclass(frozen=True)
class Stage:
    """Everything that the rows about connections need."""

    scripted: Scripted
    certificates: Certificates
    stranger: str

    def answering(self, *answers: Response | None) -> Where:
        """A server that gives these answers in turn, the last for ever; None hangs up."""
        self.scripted.answer(*answers)
        return Where(self.scripted.port, self.scripted.ca_file)

    def unreachable(self, calls: Calls) -> set[tuple[str, str]]:
        """Nobody listens; nobody speaks TLS."""
        with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n", tls=None) as port:
            plain = calls.fail(Where(port, self.scripted.ca_file))
        return {calls.fail(Where(closed_port(), self.scripted.ca_file)), plain}

    def unanswered(self, calls: Calls) -> set[tuple[str, str]]:
        """A hang-up, an answer that doesn't end, something that is no HTTP."""
        endless = self.answering(Response(200, b"{", {"Content-Length": "900"}))
        with raw_server(b"SSH-2.0-OpenSSH_9.2\r\n", tls=self.certificates.server) as port:
            other = calls.fail(Where(port, self.scripted.ca_file))
        silent = Where(endless.port, endless.ca_file, timeout=timedelta(milliseconds=100))
        return {calls.fail(silent), other, calls.fail(self.answering(None))}

    def untrusted(self, calls: Calls) -> set[tuple[str, str]]:
        """Another authority signed the certificate."""
        return {calls.fail(Where(self.answering(Response(200)).port, self.stranger))}

    def unreadable_trust(self, calls: Calls) -> set[tuple[str, str]]:
        """`ca_file` names nothing."""
        return {calls.fail(Where(self.scripted.port, "/no/such/file.pem"))}


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """One for all rows."""
    ours, other = folder / "ours", folder / "other"
    for made in (ours, other):
        made.mkdir()
    trusted = certificates(ours)
    with Scripted(trusted) as scripted:
        yield Stage(scripted, trusted, str(certificates(other).ca_file))


def raised(call: Call | None, where: Where) -> str:
    """The name of the error; "nothing" where there was none."""
    if call is None:
        return "–"
    try:
        call(where)
    except ConnectorError as error:
        return next(kind.__name__ for kind in type(error).mro() if kind.__base__ is ConnectorError)
    return "nothing"
