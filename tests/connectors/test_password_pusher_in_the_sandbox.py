"""The connector against the sandbox's Password Pusher: what people then find there."""

from collections.abc import Iterator

import pytest

from connectors.errors import Misconfigured, Refused
from connectors.password_pusher.probe import probes
from connectors.sandbox import password_pusher as sandbox
from connectors.sandbox.http import Server
from connectors.sandbox.password_pusher import Limit, Settings
from connectors.sandbox.tls import Certificates
from connectors.secret import Secret
from tests.connectors.pushing import CODE, NOTE, PASSPHRASE, TOKEN, create, pusher
from tests.connectors.scripted import NOW, closed_port


class Running:
    """A sandbox server, and a client of it."""

    def __init__(self, certificates: Certificates, settings: Settings) -> None:
        self.pushes = sandbox.PasswordPusher(lambda: NOW, TOKEN, others={"their-token": "them"}, settings=settings)
        self.server = Server("password_pusher", self.pushes.app, tls=certificates.server, clock=lambda: NOW)
        self.client = pusher(self.server.url, str(certificates.ca_file))
        self.theirs = pusher(self.server.url, str(certificates.ca_file), token="their-token")


@pytest.fixture
def running(loopback: Certificates) -> Iterator[Running]:
    world = Running(loopback, Settings(throttle_minute=0, throttle_second=0))
    yield world
    world.server.stop()


def test_a_person_opens_what_was_pushed(running: Running) -> None:
    push = create(running.client)
    assert (push.days, push.views, push.retrieval_step, push.deletable_by_viewer) == (1, 2, True, False)
    assert running.pushes.open(push.link.reveal(), PASSPHRASE).payload == CODE


def test_no_view_is_used_by_making_finding_and_auditing_a_push(running: Running) -> None:
    push = create(running.client)
    running.client.find(NOTE)
    running.client.audit(push.token)
    assert running.pushes.pushes[0].views_remaining == 2


def test_a_push_is_found_by_its_note_among_many(running: Running) -> None:
    made = create(running.client)
    for n in range(60):
        running.client.create(Secret("1"), passphrase=None, name="", note=f"other {n}", days=1, views=1)
    found = running.client.find(NOTE)
    assert found is not None
    assert found.token.reveal() == made.token.reveal()
    assert found.link.reveal() == made.link.reveal()
    assert (found.days, found.views, found.expires_at) == (1, 2, made.expires_at)
    assert running.client.find("nobody's") is None


def test_an_expired_push_is_not_found_and_may_be_expired_again(running: Running) -> None:
    push = create(running.client)
    running.client.expire(push.token)
    running.client.expire(push.token)
    running.client.expire(Secret("never-existed"))
    assert running.client.find(NOTE) is None
    assert not running.pushes.open(push.link.reveal(), PASSPHRASE).payload


def test_the_audit_tells_who_looked(running: Running) -> None:
    push = create(running.client)
    running.pushes.open(push.link.reveal(), "wrong", ip="203.0.113.9")
    running.pushes.open(push.link.reveal(), PASSPHRASE, ip="203.0.113.9")
    views = {(view.kind, view.ip) for view in running.client.audit(push.token)}
    assert {("failed_passphrase", "203.0.113.9"), ("view", "203.0.113.9"), ("creation", "127.0.0.1")} <= views
    assert running.client.audit(Secret("never-existed")) == ()


def test_anothers_push_is_neither_found_nor_expired_nor_audited(running: Running) -> None:
    push = create(running.theirs)
    assert running.client.find(NOTE) is None
    with pytest.raises(Refused):
        running.client.expire(push.token)
    with pytest.raises(Refused):
        running.client.audit(push.token)


def test_a_wrong_token_is_a_mistake_in_the_settings(running: Running, loopback: Certificates) -> None:
    with pytest.raises(Misconfigured, match="token_file"):
        create(pusher(running.server.url, str(loopback.ca_file), token="wrong"))
    assert not running.pushes.pushes


def test_values_the_server_replaces_silently_are_noticed_and_leave_nothing_alive(loopback: Certificates) -> None:
    world = Running(loopback, Settings(days=Limit(7, 2, 90), views=Limit(5, 3, 100)))
    try:
        with pytest.raises(Refused, match="expire_after_days, expire_after_views"):
            create(world.client)
        assert [push.expired for push in world.pushes.pushes] == [True]
    finally:
        world.server.stop()


def test_links_that_are_not_https_are_noticed(loopback: Certificates) -> None:
    world = Running(loopback, Settings(override_base_url="http://internal:5100"))
    try:
        with pytest.raises(Refused, match="html_url"):
            create(world.client)
        assert [push.expired for push in world.pushes.pushes] == [True]
    finally:
        world.server.stop()


def test_the_version_is_told(running: Running) -> None:
    assert running.client.version().application == "2.14.3"


def test_a_server_as_needed_has_no_findings_and_makes_nothing(running: Running) -> None:
    assert [(name, good) for name, good, _ in probes(running.client)] == [("version", True), ("token", True)]
    assert not running.pushes.pushes


@pytest.mark.parametrize(
    ("version", "good"), [("2.14.2", False), ("2.9.6", False), ("2.14.10", True), ("3.0.0", True), ("", False)]
)
def test_a_server_that_is_too_old_is_found(loopback: Certificates, version: str, good: bool) -> None:
    world = Running(loopback, Settings(version=version))
    try:
        (name, as_needed, words), _ = probes(world.client)
        assert (name, as_needed) == ("version", good)
        assert "2.14.3" in words
    finally:
        world.server.stop()


def test_a_wrong_token_is_found(running: Running, loopback: Certificates) -> None:
    _, (name, good, words) = probes(pusher(running.server.url, str(loopback.ca_file), token="wrong"))
    assert (name, good) == ("token", False)
    assert "token_file" in words


def test_a_server_that_cannot_be_reached_is_found_twice(loopback: Certificates) -> None:
    findings = list(probes(pusher(f"https://localhost:{closed_port()}", str(loopback.ca_file))))
    assert [good for _, good, _ in findings] == [False, False]
