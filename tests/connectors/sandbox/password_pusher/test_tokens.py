"""Who is let in: Password Pusher facts §2."""

import pytest

from connectors.sandbox.password_pusher import PasswordPusher, Settings
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import OTHER_TOKEN, TOKEN, Caller


def calls(push: str) -> list[tuple[str, str]]:
    return [
        ("POST", "/api/v2/pushes"),
        ("GET", f"/api/v2/pushes/{push}"),
        ("GET", f"/api/v2/pushes/{push}/preview"),
        ("GET", f"/api/v2/pushes/{push}/audit"),
        ("DELETE", f"/api/v2/pushes/{push}"),
        ("GET", "/api/v2/pushes/active"),
        ("GET", "/p/expired.json"),
    ]


def test_a_wrong_token_is_turned_away_everywhere_with_an_empty_401_2(worker: Caller, server: PasswordPusher) -> None:
    intruder = Caller(server, "wrong")
    for method, path in calls(worker.push()["url_token"]):
        response = intruder.ask(method, path, {"push": {"payload": "x"}})
        assert (response.status, response.body) == (401, b"")
    assert len(server.pushes) == 1


def test_the_version_is_told_even_to_a_wrong_token_1(server: PasswordPusher) -> None:
    """The server's own code at 2.11.4 (base_controller.rb) lets version through before it looks at bad tokens."""
    assert Caller(server, "wrong").ask("GET", "/api/v2/version").status == 200


@pytest.mark.parametrize("authorization", [TOKEN, f"Bearer {TOKEN}", f"Token token {TOKEN}", f"bearer   {TOKEN}"])
def test_the_last_word_of_the_header_is_the_token_2(server: PasswordPusher, authorization: str) -> None:
    response = Caller(server, "").ask("GET", "/api/v2/pushes/active", authorization=authorization)
    assert response.status == 200


def test_both_legacy_headers_win_and_the_address_is_not_looked_at_2(worker: Caller) -> None:
    worker.push()
    legacy = {"x-user-email": "anybody@example.com", "x-user-token": OTHER_TOKEN}
    response = worker.ask("GET", "/api/v2/pushes/active", **legacy)
    assert (response.status, response.body) == (200, b"[]")


def test_a_legacy_token_without_an_address_is_a_bad_token_2(anybody: Caller) -> None:
    assert anybody.ask("GET", "/api/v2/pushes/active", **{"x-user-token": TOKEN}).status == 401


def test_anonymous_callers_may_create_show_preview_and_delete_2(anybody: Caller) -> None:
    push = anybody.push()
    path = f"/api/v2/pushes/{push['url_token']}"
    assert [anybody.ask("GET", path).status, anybody.ask("GET", f"{path}/preview").status] == [200, 200]
    assert anybody.ask("DELETE", path).status == 200


@pytest.mark.parametrize(
    "path", ["/api/v2/pushes/active", "/api/v2/pushes/expired", "/p/active.json", "/p/expired.json"]
)
def test_lists_always_need_a_token_2(anybody: Caller, path: str) -> None:
    response = anybody.ask("GET", path)
    assert (response.status, response.body) == (401, b"")


def test_an_audit_always_needs_a_token_2(anybody: Caller) -> None:
    push = anybody.push()
    response = anybody.ask("GET", f"/api/v2/pushes/{push['url_token']}/audit")
    assert (response.status, response.body) == (401, b"")


def test_without_anonymous_access_every_call_but_version_needs_a_token_2(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=Settings(allow_anonymous=False))
    push = Caller(server).push(retrieval_step=False)
    anonymous = Caller(server, "")
    for method, path in calls(push["url_token"]):
        response = anonymous.ask(method, path, {"push": {"payload": "x"}})
        assert (response.status, response.body) == (401, b"")
    assert anonymous.json("GET", "/api/v2/version")["features"]["anonymous_access"] is False


def test_without_anonymous_access_the_secret_link_still_opens_for_anyone_2(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=Settings(allow_anonymous=False))
    assert server.open(Caller(server).push()["html_url"]).payload == "012345678"


def test_the_version_answer_1(anybody: Caller) -> None:
    assert anybody.json("GET", "/api/v2/version") == {
        "application_version": "2.14.3",
        "api_version": "2.1",
        "edition": "oss",
        "features": {
            "anonymous_access": True,
            "api_token_authentication": True,
            "accounts": {"enabled": False},
            "pushes": {
                "enabled": True,
                "email_auto_dispatch": False,
                "file_attachments": {"enabled": False, "requires_authentication": True},
                "url_pushes": {"enabled": True},
                "qr_code_pushes": {"enabled": True},
            },
            "requests": {"enabled": False},
        },
    }
    assert anybody.json("GET", "/api/v1/version.json") == {
        "application_version": "2.14.3",
        "api_version": "1",
        "edition": "oss",
    }
