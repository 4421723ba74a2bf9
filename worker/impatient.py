"""An HTTP server for loopback that no client can hold up: few connections at a time, each for some seconds in all."""

import io
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

AT_ONCE = 32
"""Connections; one more is closed unread."""
PATIENCE = timedelta(seconds=5)
"""From the first byte waited for to the last one read, however they trickle in."""


class Server(ThreadingHTTPServer):
    """Listens on an IPv4 or IPv6 address."""

    request_queue_size = AT_ONCE

    def __init__(self, host: str, port: int, handler: type["Handler"]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._free = threading.BoundedSemaphore(AT_ONCE)
        super().__init__((host, port), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, if there may be one more."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread could be begun
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """That thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


class Handler(BaseHTTPRequestHandler):
    """One connection, one request. Who goes away or takes too long gets no answer, and isn't spoken of."""

    def setup(self) -> None:
        """What is read comes in time, or not at all."""
        super().setup()
        self.rfile = io.BufferedReader(_Hasty(self.connection))

    def handle(self) -> None:
        """Answer."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def send(self, status: int, kind: str, body: bytes) -> None:
        """The whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: scrapes are no news."""


class _Hasty(io.RawIOBase):
    """Reads a socket until PATIENCE has passed, whatever came in between."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = time.monotonic() + PATIENCE.total_seconds()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError where it is too late."""
        self._connection.settimeout(max(0.001, self._until - time.monotonic()))
        return self._connection.recv_into(buffer)
