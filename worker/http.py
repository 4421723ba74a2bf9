"""`[http] listen`: `/health` and `/metrics` on loopback, told from the ledger at the moment they are asked for."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from worker.ledger.database import LedgerError

Health = Callable[[], dict[str, Any]]


@contextmanager
def listening(address: str, health: Health) -> Iterator[int]:
    """Serve on `address` ("127.0.0.1:8350") while the block runs; the port. An empty address serves nothing: 0."""
    if not address:
        yield 0
        return
    host, _, port = address.rpartition(":")
    server = ThreadingHTTPServer((host.strip("[]"), int(port)), _handler(health))
    thread = threading.Thread(target=server.serve_forever, name="http", daemon=True)
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


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    registry = CollectorRegistry(auto_describe=False)  # else the ledger would be read here already
    registry.register(Gauges(health))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            try:
                self._answer()
            except LedgerError as unusable:
                self._send(503, "application/json", json.dumps({"healthy": False, "why": str(unusable)}).encode())

        def _answer(self) -> None:
            if self.path == "/health":
                found = health()
                self._send(200 if found["healthy"] else 503, "application/json", json.dumps(found).encode())
            elif self.path == "/metrics":
                self._send(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            else:
                self._send(404, "text/plain", b"/health or /metrics\n")

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: scrapes are no news."""

    return Handler
