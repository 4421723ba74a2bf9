"""A Password Pusher with two users, and its callers."""

import pytest

from connectors.sandbox.password_pusher import PasswordPusher
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import OTHER_TOKEN, TOKEN, Caller


@pytest.fixture
def server(clock: Clock) -> PasswordPusher:
    return PasswordPusher(clock, TOKEN, others={OTHER_TOKEN: "somebody.else"})


@pytest.fixture
def worker(server: PasswordPusher) -> Caller:
    return Caller(server)


@pytest.fixture
def other(server: PasswordPusher) -> Caller:
    return Caller(server, OTHER_TOKEN, "203.0.113.10")


@pytest.fixture
def anybody(server: PasswordPusher) -> Caller:
    return Caller(server, "", "203.0.113.11")
