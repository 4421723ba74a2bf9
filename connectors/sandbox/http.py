"""The one HTTP engine of all stand-ins: threaded HTTP/1.1 over TLS on loopback, one thread a connection.

`Server.app` is the seam: whatever stands there produces every answer. A wrapper put in its place acts before the
stand-in commits (doesn't call it) or after (calls it and gives another answer, or none by raising `HangUp`).
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import BinaryIO, Final, cast

from connectors.sandbox.calls import Call, CallLog
from connectors.sandbox.messages import App, HangUp, Request, Response
from connectors.sandbox.port import Port
from connectors.sandbox.wire import Malformed, read_request, write_response

__all__ = ["App", "HangUp", "Request", "Response", "Server"]

HANDSHAKE: Final = timedelta(seconds=10)
IDLE: Final = timedelta(minutes=5)
BACKLOG: Final = 128


class Server:
    """Serves `app` on https://localhost:port until `stop()`; port 0 takes a free one, told by `port`.

    Without `tls` it speaks plain HTTP. `app` and `latency` may be changed at any time; every call waits for `latency`
    before the app is asked.
    A bug in the app ends its connection's thread and is reported as any thread's is.
    """

    def __init__(
        self,
        name: str,
        app: App,
        *,
        tls: ssl.SSLContext | None,
        clock: Callable[[], datetime],
        calls: CallLog | None = None,
        port: int = 0,
        latency: timedelta = timedelta(),
    ) -> None:
        self.name = name
        self.app = app
        self.calls = CallLog() if calls is None else calls
        self.latency = latency
        self._tls = tls
        self._clock = clock
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._place = Port(port)
        self._listener = self._place.listen(BACKLOG)
        self._away: timedelta | None = None
        self._gone = threading.Event()
        self.port = self._place.number
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self._acceptor = threading.Thread(target=self._accept, name=f"sandbox-{name}", daemon=True)
        self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection, and wait for their threads. A second call does nothing."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        with contextlib.suppress(OSError):  # wakes `accept`; closing the listener doesn't on every platform
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._acceptor.join()
        self._listener.close()
        self._place.release()
        for thread in self._cut():
            thread.join()

    def close_for(self, span: timedelta) -> None:
        """Refuse connections for `span`, of real time; those that are open end, one with a call after its answer.

        Without effect while that is so already.
        """
        with self._lock:
            if self._gone.is_set() or self._away is not None:
                return
            self._away = span
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._gone.wait(HANDSHAKE.total_seconds())
        self._cut()

    @property
    def is_away(self) -> bool:
        """Whether connections are refused, as `close_for` said."""
        return self._away is not None

    def _cut(self) -> list[threading.Thread]:
        """End every connection but the one whose call is being answered by this thread; the threads that serve them."""
        with self._lock:
            left = {thread: open_ for thread, open_ in self._open.items() if thread is not threading.current_thread()}
        for connection in left.values():
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not SSLSocket's: its reader is at work
        return list(left)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            connection, address = self._listener.accept()
            if self._stopped.is_set() or self._away is not None:
                connection.close()
                self._stay_away()
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(HANDSHAKE.total_seconds())
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            thread = threading.Thread(target=self._serve, args=(connection, address[0]), daemon=True)
            with self._lock:
                self._open[thread] = connection
            thread.start()

    def _stay_away(self) -> None:
        """Nobody listens, until the time is over or the server is stopped."""
        self._listener.close()
        self._gone.set()
        if not self._stopped.wait((self._away or timedelta()).total_seconds()):
            self._listener = self._place.listen(BACKLOG)
            self._away = None
            self._gone.clear()

    def _serve(self, connection: socket.socket, client: str) -> None:
        try:
            self._converse(connection, client)
        except OSError:  # the client went away, or speaks no TLS, or doesn't trust us
            pass
        finally:
            connection.close()
            with self._lock:
                del self._open[threading.current_thread()]

    def _converse(self, connection: socket.socket, client: str) -> None:
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        connection.settimeout(IDLE.total_seconds())
        with connection.makefile("rb") as stream, connection.makefile("wb") as out:
            while self._exchange(cast(BinaryIO, stream), cast(BinaryIO, out), client):
                pass

    def _exchange(self, stream: BinaryIO, out: BinaryIO, client: str) -> bool:
        """One request and its answer; whether the connection goes on."""
        try:
            read = read_request(stream, out, client)
        except Malformed as error:
            refusal = Response.text(error.status, str(error))
            write_response(out, refusal, now=self._clock(), kept=False, head=False)
            return False
        if read is None:
            return False
        request, kept = read
        answer = self._answer(request)
        if answer is None:
            return False
        kept = kept and not self._stopped.is_set() and self._away is None
        write_response(out, answer, now=self._clock(), kept=kept, head=request.method == "HEAD")
        return kept

    def _answer(self, request: Request) -> Response | None:
        arrived = self._clock()
        if self.latency:
            self._stopped.wait(self.latency.total_seconds())
        try:
            answer = self.app(request)
        except HangUp:
            answer = None
        status = 0 if answer is None else answer.status
        self.calls.add(Call(arrived, self.name, request.method, request.path, request.query, status, request.body))
        return answer
