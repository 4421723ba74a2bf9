"""A line to a server on loopback that can be cut: what a worker sees whose machine is cut off from its database."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final

PIECE: Final = 65_536


class Wire:
    """Who connects to `port` talks to the server at `behind`, as long as bytes are passed on."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._passes = threading.Event()
        self._passes.set()
        self._refuses = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        _start(self._accept)

    def passes(self) -> bool:
        """Whether it does."""
        return self._passes.is_set() and not self._refuses

    def cut(self) -> None:
        """Bytes get stuck from now on, and no side is told; what is open stays so."""
        self._passes.clear()

    def tear(self) -> None:
        """Whatever is open is ended, and nobody gets through any more."""
        self._refuses = True
        self._end_all()

    def mend(self) -> None:
        """What got stuck goes on its way, and who comes gets through."""
        self._refuses = False
        self._passes.set()

    def close(self) -> None:
        """For good."""
        self._refuses = True
        self._passes.set()
        self._listener.close()
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                if self._refuses:
                    near.close()
                else:
                    _start(partial(self._connect, near))

    def _connect(self, near: socket.socket) -> None:
        self._passes.wait()
        with near, socket.create_connection(("127.0.0.1", self._behind)) as far:
            with self._lock:
                self._open |= {near, far}
            back = _start(lambda: self._pass_on(far, near))
            self._pass_on(near, far)
            back.join()
            with self._lock:
                self._open -= {near, far}

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                self._passes.wait()
                other.sendall(piece)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)


@contextmanager
def wire(behind: int) -> Iterator[Wire]:
    """One that is closed at the end."""
    made = Wire(behind)
    try:
        yield made
    finally:
        made.close()


def _start(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
