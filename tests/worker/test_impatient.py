"""No client holds up who asks for health: not by trickling, not by silence, not by coming in numbers."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from connectors.secret import Secret
from tests.postgres import free_port
from tests.worker.hinting import TOKEN, asked, bearer, hint
from tests.worker.test_hints import NOW
from worker import impatient
from worker.hints import Door, Hints
from worker.http import listening
from worker.settings import ConfigError

SOON = timedelta(seconds=0.3)
DOOR = Door(None, Secret(TOKEN), lambda: NOW)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(impatient, "PATIENCE", SOON)
    monkeypatch.setattr(impatient, "AT_ONCE", 4)
    with listening("127.0.0.1:0", lambda: {"healthy": True}, DOOR, Hints()) as port:
        yield port


def connected(port: int, closing: ExitStack) -> socket.socket:
    client = closing.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
    client.sendall(b"POST /hint HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n")
    return client


def is_let_go(client: socket.socket) -> bool:
    """Whether the other side has closed it without an answer."""
    try:
        return client.recv(100) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("before", [b"", b"\r\n"], ids=["in the headers", "in the body"])
def test_who_sends_a_byte_now_and_then_is_let_go(port: int, before: bytes) -> None:
    with ExitStack() as closing:
        client = connected(port, closing)
        client.sendall(before)
        begun, pause = time.monotonic(), threading.Event()
        with pytest.raises(ConnectionError):  # noqa: PT012 - which of the bytes is refused depends on the machine
            for _ in range(100):
                client.sendall(b"a")
                pause.wait(0.05)
        assert time.monotonic() - begun < 4


def test_who_says_nothing_is_let_go_and_others_are_answered_meanwhile(port: int) -> None:
    with ExitStack() as closing:
        silent = [connected(port, closing) for _ in range(3)]
        assert asked(port, "GET", "/health")[0] == 200
        assert all(is_let_go(client) for client in silent)


def test_of_more_connections_than_there_is_room_for_the_last_is_closed_and_room_comes_back(port: int) -> None:
    with ExitStack() as closing:
        first = [connected(port, closing) for _ in range(4)]
        assert is_let_go(connected(port, closing))
        assert all(is_let_go(client) for client in first)
    for _ in range(8):
        assert asked(port, "GET", "/health")[0] == 200


def test_who_goes_away_in_the_middle_is_not_spoken_of(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    with ExitStack() as closing:
        client = connected(port, closing)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert hint(port, b"", bearer()) == 503
    assert capfd.readouterr().err == ""


def test_a_port_that_is_in_use_is_one_sentence(port: int) -> None:
    with (
        pytest.raises(ConfigError, match=rf"\[http\] listen: 127.0.0.1:{port} can't be listened on \(Address already"),
        listening(f"127.0.0.1:{port}", lambda: {"healthy": True}),
    ):
        raise AssertionError("nobody can listen twice")


def test_the_other_loopback_serves_as_well() -> None:
    with listening(f"[::1]:{free_port()}", lambda: {"healthy": True}) as port:
        socket.create_connection(("::1", port), timeout=5).close()
