"""`[http] listen`: `/health` and `/metrics` on loopback, told from the ledger when they are asked for; and `/hint`."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from worker.hints import PATH, Door, Hints, heard
from worker.impatient import Handler, Server
from worker.ledger.database import LedgerError
from worker.settings import ConfigError

END_SEEN = 0.1
"""Seconds until an end is noticed."""
Health = Callable[[], dict[str, Any]]


@contextmanager
def listening(address: str, health: Health, door: Door | None = None, hints: Hints | None = None) -> Iterator[int]:
    """Serve on `address` ("127.0.0.1:8350") while the block runs; the port. An empty address serves nothing: 0.

    Hints are taken from whom `door` opens to; None: there is no `/hint`.

    Raises:
        ConfigError: The address can't be listened on.
    """
    if not address:
        yield 0
        return
    host, _, port = address.rpartition(":")
    try:
        server = Server(host.strip("[]"), int(port), _handler(health, door, hints or Hints()))
    except OSError as error:
        raise ConfigError(
            f"[http] listen: {address} can't be listened on ({error.strerror}); name a free one"
        ) from error
    thread = threading.Thread(target=server.serve_forever, args=(END_SEEN,), name="http", daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Gauges(Collector):
    """What `health` says, as gauges."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One reading. Nothing in it names a person."""
        found = self._health()
        yield GaugeMetricFamily("duo_worker_healthy", "1 while it is", value=float(found["healthy"]))
        age = found["last_poll_age_seconds"]
        if age is not None:
            yield GaugeMetricFamily("duo_worker_last_poll_age_seconds", "Since the last good poll", value=age)
        yield GaugeMetricFamily("duo_worker_due", "Requests due now", value=found["due"])
        yield GaugeMetricFamily("duo_worker_oldest_due_seconds", "Age of the oldest", value=found["oldest_due_seconds"])
        yield GaugeMetricFamily("duo_worker_paused", "1 while issuing is paused", value=float(bool(found["paused"])))
        yield _by("duo_worker_requests", "Requests by state", "state", found["states"])
        yield _by(
            "duo_worker_system_paused", "1 for a paused system", "system", dict.fromkeys(found["paused_systems"], 1)
        )
        yield _by("duo_worker_findings", "What should not be, found in a week", "kind", found["findings_by_kind"])
        yield _by("duo_worker_budget_wait_seconds", "To the next free call", "system", found["budget_wait_seconds"])


def _by(name: str, what: str, label: str, values: dict[str, Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, number in values.items():
        family.add_metric([value], float(number))
    return family


class Taken(Collector):
    """The hints so far, by what became of them."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    def collect(self) -> Iterable[CounterMetricFamily]:
        """One reading."""
        family = CounterMetricFamily("duo_worker_hints", "Calls of /hint", labels=["result"])
        for result, number in self._hints.counts.items():
            family.add_metric([result], float(number))
        yield family


def _handler(health: Health, door: Door | None, hints: Hints) -> type[Handler]:
    registry = CollectorRegistry(auto_describe=False)  # else the ledger would be read here already
    registry.register(Gauges(health))
    if door is not None:
        registry.register(Taken(hints))

    class Answering(Handler):
        def do_GET(self) -> None:  # noqa: N802 - called by this name
            """Answer."""
            try:
                self._answer()
            except LedgerError as unusable:
                self.send(503, "application/json", json.dumps({"healthy": False, "why": str(unusable)}).encode())

        def _answer(self) -> None:
            if self.path == "/health":
                found = health()
                self.send(200 if found["healthy"] else 503, "application/json", json.dumps(found).encode())
            elif self.path == "/metrics":
                self.send(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            else:
                self.send(404, "text/plain", b"/health or /metrics\n")

        def do_POST(self) -> None:  # noqa: N802 - called by this name
            """A hint, if any are taken here."""
            if door is None or self.path != PATH:
                self.send_error(501, "Unsupported method ('POST')")
                return
            status = heard(door, hints, self.headers, self.rfile.read)
            self.send(status, "text/plain", b"")

    return Answering
