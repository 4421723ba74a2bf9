"""Servers that say what a test wants: over HTTPS one answer after another, or bytes that are no HTTP at all."""

import contextlib
import socket
import ssl
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self

from connectors.sandbox.http import Server
from connectors.sandbox.messages import HangUp, Request, Response
from connectors.sandbox.tls import Certificates

NOW = datetime(2026, 11, 24, 3, 16, 15, tzinfo=UTC)


class Scripted:
    """Gives `answers` in turn, the last one for ever; None hangs up without an answer. Keeps what it was asked."""

    def __init__(self, certificates: Certificates) -> None:
        self.answers: list[Response | None] = []
        self.asked: list[Request] = []
        self.ca_file = str(certificates.ca_file)
        self._server = Server("scripted", self._answer, tls=certificates.server, clock=lambda: NOW)
        self.port = self._server.port
        self.url = self._server.url

    def answer(self, *answers: Response | None) -> Self:
        self.answers[:] = answers
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise HangUp
        return answer


@contextlib.contextmanager
def raw_server(answer: bytes, tls: ssl.SSLContext | None) -> Iterator[int]:
    """The port of a server that reads once and then sends `answer`, whatever it was asked; without TLS if None."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, answer, tls), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listener: socket.socket, answer: bytes, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            stream = tls.wrap_socket(connection, server_side=True) if tls else connection
            stream.recv(65536)
            stream.sendall(answer)
            stream.close()


def closed_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def everything_shown(error: BaseException) -> str:
    """Whatever a log, a traceback or a debugger's first look would show of `error` and of all that led to it."""
    texts = ["".join(traceback.format_exception(error))]
    seen: list[BaseException | None] = [error]
    for each in seen:
        if each is not None:
            texts += [str(each), repr(each), repr(each.args), repr(vars(each))]
            seen += [one for one in (each.__cause__, each.__context__) if one not in seen]
    return "\n".join(texts)


def shown(value: Any) -> str:
    return f"{value} {value!r} {value:}"
