"""Password Pusher: what was asked is what was made, what may be alive is found, nothing is shown."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import Gate, free
from connectors.password_pusher import PasswordPusher, Push
from connectors.sandbox import password_pusher as sandbox
from connectors.sandbox.http import Server
from connectors.sandbox.messages import Response
from connectors.sandbox.password_pusher import Limit, Settings
from connectors.sandbox.tls import Certificates
from connectors.secret import Secret
from tests.connectors.scripted import NOW, Scripted, closed_port, everything_shown, raw_server, shown

TOKEN = "owners-token-hLgh9eWm"
CODE = "012345678"
PASSPHRASE = "MFRGGZDFMZTW"
URL_TOKEN = "fkwjfvhall92"
NOTE = "duo-worker:7f3a"
SECRETS = (TOKEN, CODE, PASSPHRASE, URL_TOKEN)


def pusher(url: str, ca_file: str, *, token: str = TOKEN, gate: Gate = free) -> PasswordPusher:
    """Its stop event is set, so that no read is repeated and no test waits."""
    stop = threading.Event()
    stop.set()
    return PasswordPusher(url, token=Secret(token), ca_file=ca_file, timeout=timedelta(seconds=5), gate=gate, stop=stop)


def create(on: PasswordPusher, *, passphrase: str = PASSPHRASE, days: int = 1, views: int = 2) -> Push:
    return on.create(
        Secret(CODE),
        passphrase=Secret(passphrase) if passphrase else None,
        name="RITM0010001",
        note=NOTE,
        days=days,
        views=views,
    )


def row(**differing: Any) -> dict[str, Any]:
    """A push as the server answers it."""
    return {
        "url_token": URL_TOKEN,
        "html_url": f"https://pwpush.example.edu/p/{URL_TOKEN}/r",
        "expire_after_days": 1,
        "expire_after_views": 2,
        "retrieval_step": True,
        "deletable_by_viewer": False,
        "passphrase": PASSPHRASE,
        "expired": False,
        "name": "RITM0010001",
        "note": NOTE,
        "created_at": "2026-11-24T03:16:15.123Z",
    } | differing


EXPIRED = Response.json(200, row(expired=True, passphrase=None))


# Against answers a test makes up.


def test_everything_is_said_explicitly(scripted: Scripted) -> None:
    scripted.answer(Response.json(201, row()))
    create(pusher(scripted.url, scripted.ca_file))
    asked = scripted.asked[0]
    assert (asked.method, asked.path) == ("POST", "/api/v2/pushes")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert json.loads(asked.body) == {
        "push": {
            "kind": "text",
            "payload": CODE,
            "passphrase": PASSPHRASE,
            "name": "RITM0010001",
            "note": NOTE,
            "expire_after_days": 1,
            "expire_after_views": 2,
            "retrieval_step": True,
            "deletable_by_viewer": False,
        }
    }


def test_a_push_says_when_it_ends_and_shows_no_secret(scripted: Scripted) -> None:
    scripted.answer(Response.json(201, row()))
    client = pusher(scripted.url, scripted.ca_file)
    push = create(client)
    assert push.link.reveal() == f"https://pwpush.example.edu/p/{URL_TOKEN}/r"
    assert push.expires_at == datetime(2026, 11, 25, 3, 16, 15, 123_000, tzinfo=UTC)
    texts = shown(push) + shown(client) + repr(vars(client)) + repr(vars(client._session))
    assert not [secret for secret in SECRETS if secret in texts]


@pytest.mark.parametrize(
    "differing",
    [
        {"expire_after_days": 7},
        {"expire_after_views": 5},
        {"retrieval_step": False},
        {"retrieval_step": None},
        {"deletable_by_viewer": True},
        {"deletable_by_viewer": None},
        {"passphrase": None},
        {"passphrase": "mfrggzdfmztw"},
        {"note": None},
        {"name": "RITM0010002"},
        {"expired": True},
        {"html_url": f"http://pwpush.example.edu/p/{URL_TOKEN}/r"},
        {"html_url": f"https://pwpush.example.edu/p/{URL_TOKEN}"},
        {"html_url": "https://pwpush.example.edu/p/another-push/r"},
        {"html_url": f"https://pwpush.example.edu/?x=\r\n/p/{URL_TOKEN}/r"},
    ],
)
def test_a_push_other_than_asked_for_is_expired_at_once_and_the_field_named(
    scripted: Scripted, differing: dict[str, Any]
) -> None:
    scripted.answer(Response.json(201, row(**differing)), EXPIRED)
    with pytest.raises(Refused, match=next(iter(differing))) as raised:
        create(pusher(scripted.url, scripted.ca_file))
    assert [(asked.method, asked.path) for asked in scripted.asked][1:] == [("DELETE", f"/api/v2/pushes/{URL_TOKEN}")]
    assert "expired at once" in raised.value.detail
    assert not [secret for secret in SECRETS if secret in everything_shown(raised.value)]


def test_a_wrong_push_that_could_not_be_expired_is_said_to_be_alive(scripted: Scripted) -> None:
    scripted.answer(Response.json(201, row(expire_after_days=7)), Response.text(500, "oops"))
    with pytest.raises(Refused, match="could not be expired") as raised:
        create(pusher(scripted.url, scripted.ca_file))
    assert URL_TOKEN not in everything_shown(raised.value)


def test_without_a_passphrase_none_may_come_back(scripted: Scripted) -> None:
    client = pusher(scripted.url, scripted.ca_file)
    for none in (None, ""):
        scripted.answer(Response.json(201, row(passphrase=none)))
        assert create(client, passphrase="").token.reveal() == URL_TOKEN
    scripted.answer(Response.json(201, row()), EXPIRED)
    with pytest.raises(Refused, match="passphrase"):
        create(client, passphrase="")


@pytest.mark.parametrize(
    "answer",
    [
        Response.html(200, f"<p>{PASSPHRASE} {URL_TOKEN}"),
        Response.json(201, [row()]),
        Response.json(201, row(url_token="a/../b")),
        Response.json(201, row(url_token=None)),
        Response.json(201, row(expire_after_days="1")),
        Response(201, b'{"url_token": "' + URL_TOKEN.encode()),
        Response(201, b"\xff"),
        Response.json(202, row()),
        Response(204),
    ],
)
def test_an_answer_that_cannot_be_read_may_have_made_a_push(scripted: Scripted, answer: Response) -> None:
    scripted.answer(answer)
    with pytest.raises(Uncertain) as raised:
        create(pusher(scripted.url, scripted.ca_file))
    assert not [secret for secret in SECRETS if secret in everything_shown(raised.value)]


@pytest.mark.parametrize(
    ("answer", "read", "write"),
    [
        (Response(401), Misconfigured, Misconfigured),
        (Response.json(401, {"error": "You need to sign in."}), Misconfigured, Misconfigured),
        (Response(302, b"", {"Location": "/users/sign_in"}), Misconfigured, Misconfigured),
        (Response.html(404, "no such page"), Misconfigured, Misconfigured),
        (Response.json(400, {"error": "param is missing"}), Refused, Refused),
        (Response.json(403, {"error": "That push doesn't belong to you."}), Refused, Refused),
        (Response.json(422, {"payload": ["is required."]}), Refused, Refused),
        (Response.text(408, ""), Unavailable, Unavailable),
        (Response.text(429, "Retry later\n"), Unavailable, Unavailable),
        (Response.text(500, ""), Unavailable, Uncertain),
        (Response.html(502, ""), Unavailable, Uncertain),
        (Response.html(503, ""), Unavailable, Uncertain),
        (Response.html(504, ""), Unavailable, Uncertain),
        (None, Unavailable, Uncertain),
    ],
)
def test_what_each_failure_means(
    scripted: Scripted, answer: Response | None, read: type[ConnectorError], write: type[ConnectorError]
) -> None:
    client = pusher(scripted.url, scripted.ca_file)
    scripted.answer(answer)
    with pytest.raises(ConnectorError) as raised:
        client.version()
    assert type(raised.value) is read
    with pytest.raises(ConnectorError) as raised:
        create(client)
    assert type(raised.value) is write
    assert len(scripted.asked) == 2


def test_a_retry_after_is_passed_on(scripted: Scripted) -> None:
    scripted.answer(Response.text(429, "Retry later\n", {"Retry-After": "42"}))
    with pytest.raises(Unavailable) as raised:
        create(pusher(scripted.url, scripted.ca_file))
    assert raised.value.retry_after == timedelta(seconds=42)


def test_what_was_sent_is_never_quoted_back(scripted: Scripted) -> None:
    client = pusher(scripted.url, scripted.ca_file)
    for status, said in (
        (422, {"payload": [f"{CODE} is too short"], PASSPHRASE: ["?"], "note": ["?"]}),
        (400, {"error": f'unexpected token at \'{{"push": {{"passphrase": "{PASSPHRASE}"\''}),
    ):
        scripted.answer(Response.json(status, said))
        with pytest.raises(Refused) as raised:
            create(client)
        assert not [secret for secret in SECRETS if secret in everything_shown(raised.value)]
        assert raised.value.detail in ("422: payload, note", "400")


def test_a_lost_answer_about_a_push_does_not_show_its_token(loopback: Certificates) -> None:
    broken = f"/api/v2/pushes/{URL_TOKEN} is no status line\r\n\r\n".encode()
    with raw_server(broken, loopback.server) as port:
        client = pusher(f"https://localhost:{port}", str(loopback.ca_file))
        with pytest.raises(Uncertain) as raised:
            client.expire(Secret(URL_TOKEN))
        assert URL_TOKEN not in everything_shown(raised.value)
        with pytest.raises(Unavailable) as unanswered:
            client.audit(Secret(URL_TOKEN))
        assert URL_TOKEN not in everything_shown(unanswered.value)


def test_no_connection_does_not_show_a_token_either(scripted: Scripted) -> None:
    with pytest.raises(Unavailable) as raised:
        pusher(f"https://localhost:{closed_port()}", scripted.ca_file).expire(Secret(URL_TOKEN))
    assert URL_TOKEN not in everything_shown(raised.value)


def test_the_token_of_a_push_is_not_logged(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    scripted.answer(EXPIRED)
    with caplog.at_level(logging.DEBUG):
        pusher(scripted.url, scripted.ca_file).expire(Secret(URL_TOKEN))
    assert URL_TOKEN not in caplog.text


@pytest.mark.parametrize("token", ["", "a/b-cdefgh", "../../users", "abcdefgh?x=1", "abcdefgh\n"])
def test_what_is_no_token_enters_no_path(scripted: Scripted, token: str) -> None:
    client = pusher(scripted.url, scripted.ca_file)
    with pytest.raises(Refused):
        client.expire(Secret(token))
    with pytest.raises(Refused):
        client.audit(Secret(token))
    assert not scripted.asked


def test_an_ended_push_that_isnt_called_expired_may_be_alive(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, row(expired=False)))
    with pytest.raises(Uncertain):
        pusher(scripted.url, scripted.ca_file).expire(Secret(URL_TOKEN))


def test_a_push_of_another_owner_is_no_fault_of_the_token(scripted: Scripted) -> None:
    scripted.answer(Response.json(401, {"error": "That push is not deletable by viewers."}))
    with pytest.raises(Refused, match="not deletable"):
        pusher(scripted.url, scripted.ca_file).expire(Secret(URL_TOKEN))


def test_a_server_without_the_second_api_is_too_old(scripted: Scripted) -> None:
    scripted.answer(Response.html(404, "no such page"))
    with pytest.raises(Misconfigured, match=r"2\.14\.3"):
        pusher(scripted.url, scripted.ca_file).version()


def test_pages_are_read_until_one_is_empty(scripted: Scripted) -> None:
    other = row(note="another", url_token="another-push")
    scripted.answer(Response.json(200, [other]), Response.json(200, [row()]), Response.json(200, []))
    found = pusher(scripted.url, scripted.ca_file).find(NOTE)
    assert found is not None
    assert found.token.reveal() == URL_TOKEN
    assert [asked.raw_query for asked in scripted.asked] == ["page=1", "page=2", "page=3"]


def test_a_page_that_comes_again_ends_the_reading(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, [row()]))
    with pytest.raises(Unavailable, match="page 2"):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


@pytest.mark.parametrize("answer", [{}, "", ["x"], {"pushes": []}])
def test_a_list_that_cannot_be_read_is_not_an_empty_one(scripted: Scripted, answer: object) -> None:
    scripted.answer(Response.json(200, answer))
    with pytest.raises(Unavailable):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


def test_two_pushes_with_one_note_are_not_chosen_from(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, [row(), row(url_token="another-push")]), Response.json(200, []))
    with pytest.raises(Refused):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


def test_a_found_push_whose_link_is_not_safe_is_not_given_out(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, [row(html_url=f"http://x/p/{URL_TOKEN}/r")]), Response.json(200, []))
    with pytest.raises(Refused, match="https"):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


def test_every_call_passes_the_gate(scripted: Scripted) -> None:
    def shut() -> None:
        raise Unavailable("password_pusher", "no slot")

    with pytest.raises(Unavailable, match="no slot"):
        create(pusher(scripted.url, scripted.ca_file, gate=shut))
    assert not scripted.asked


@pytest.mark.parametrize(
    "url",
    ["http://pwpush.example.edu", "pwpush.example.edu", "https://", "https://a:b@host", "https://h/?x", "https://["],
)
def test_an_address_that_isnt_https_is_a_mistake_in_the_settings(url: str) -> None:
    with pytest.raises(Misconfigured, match="url"):
        pusher(url, "")


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Evil: 1", "ä"])
def test_a_token_that_no_header_can_carry_is_a_mistake_in_the_settings(token: str) -> None:
    with pytest.raises(Misconfigured, match="token_file") as raised:
        pusher("https://pwpush.example.edu", "", token=token)
    assert not token or token not in everything_shown(raised.value)


def test_a_path_before_the_api_is_kept(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, {"application_version": "2.14.3", "api_version": "2.1"}))
    version = pusher(f"{scripted.url}/push/", scripted.ca_file).version()
    assert (version.application, version.api) == ("2.14.3", "2.1")
    assert scripted.asked[0].path == "/push/api/v2/version"


def test_a_read_is_repeated(scripted: Scripted) -> None:
    client = pusher(scripted.url, scripted.ca_file)
    client._session._stop = Impatient()
    scripted.answer(Response.text(500, ""), None, Response.json(200, {"application_version": "2.14.3"}))
    assert client.version().application == "2.14.3"


class Impatient(threading.Event):
    """A stop event that is never set and waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        return False


# Against the sandbox's server.


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
