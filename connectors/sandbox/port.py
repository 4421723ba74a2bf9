"""A loopback port that stays ours while nobody listens on it, so that a server can be away for a while."""

import socket


class Port:
    """Taken at once; `number` tells which. Raises OSError for one that is in use; 0 takes a free one."""

    def __init__(self, number: int = 0) -> None:
        with socket.create_server(("127.0.0.1", number)) as free:  # refuses a port that others use, as `_bound` doesn't
            self.number: int = free.getsockname()[1]
        self._held = self._bound()

    def listen(self, backlog: int) -> socket.socket:
        """A socket that takes connections until it is closed; then connections are refused."""
        listener = self._bound()
        listener.listen(backlog)
        return listener

    def release(self) -> None:
        """Give the port back."""
        self._held.close()

    def _bound(self) -> socket.socket:
        bound = socket.socket(proto=socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle's algorithm on
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", self.number))
        return bound
