"""Password Pusher: what was asked is what was made, what may be alive is found, nothing is shown."""

import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.sandbox.messages import Response
from connectors.sandbox.tls import Certificates
from connectors.secret import Secret
from tests.connectors.pushing import CODE, NOTE, PASSPHRASE, SECRETS, TOKEN, URL_TOKEN, create, pusher, row
from tests.connectors.scripted import Scripted, closed_port, everything_shown, raw_server, shown

EXPIRED = Response.json(200, row(expired=True, passphrase=None))


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


def test_every_call_passes_the_gate(scripted: Scripted) -> None:
    def shut() -> None:
        raise Unavailable("password_pusher", "no slot")

    with pytest.raises(Unavailable, match="no slot"):
        create(pusher(scripted.url, scripted.ca_file, gate=shut))
    assert not scripted.asked


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
