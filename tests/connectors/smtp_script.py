"""A mail relay that says one reply after another, whatever it is told, and hangs up when there are none left."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

GREETING: Final = "220 relay.example.edu ESMTP"
HELLO: Final = "250 relay.example.edu"
GOOD: Final = (GREETING, HELLO, "250 2.1.0 OK", "250 2.1.5 OK", "354 go on", "250 2.0.0 queued", "221 bye")


@dataclass
class Relay:
    """`heard`: the lines it was told, the lines of a message among them."""

    port: int
    heard: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def relay(*replies: str, tls: ssl.SSLContext | None = None) -> Iterator[Relay]:
    """A relay for one connection. After its own `220` to STARTTLS it speaks TLS, if `tls` is given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        talk = Relay(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, replies, tls, talk.heard), daemon=True)
        thread.start()
        yield talk
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listener: socket.socket, replies: tuple[str, ...], tls: ssl.SSLContext | None, heard: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            _talk(connection, replies, tls, heard)


def _talk(connection: socket.socket, replies: tuple[str, ...], tls: ssl.SSLContext | None, heard: list[bytes]) -> None:
    stream = connection.makefile("rb")
    reading_a_message = False
    for index, reply in enumerate(replies):
        if index:
            heard.append(_told(stream, reading_a_message))
        connection.sendall(reply.encode() + b"\r\n")
        reading_a_message = reply.startswith("354")
        if tls and heard and heard[-1].upper().startswith(b"STARTTLS") and reply.startswith("220"):
            connection = tls.wrap_socket(connection, server_side=True)
            stream = connection.makefile("rb")
    if reading_a_message:
        heard.append(_told(stream, message=True))
    connection.close()


def _told(stream: BinaryIO, message: bool) -> bytes:
    lines = iter(stream.readline, b"")
    if not message:
        return next(lines, b"")
    told = b""
    for line in lines:
        if line == b".\r\n":
            break
        told += line
    return told
