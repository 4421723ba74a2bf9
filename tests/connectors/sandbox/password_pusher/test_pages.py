"""The pages behind a secret link: Password Pusher facts §5 and §9."""

from datetime import timedelta

import pytest

from connectors.sandbox.password_pusher import PasswordPusher
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import Caller


def test_a_person_opens_the_link_through_the_retrieval_step_9(worker: Caller, server: PasswordPusher) -> None:
    push = worker.push()
    assert server.open(push["html_url"]).payload == "012345678"
    assert worker.audit(push) == ["view", "creation"]


def test_opening_the_retrieval_step_uses_up_nothing_9(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1)
    page = anybody.ask("GET", f"/p/{push['url_token']}/r").body.decode()
    assert f'<a href="/p/{push["url_token"]}"' in page
    assert "012345678" not in page
    assert worker.audit(push) == ["creation"]


def test_a_scanner_that_follows_the_link_on_the_page_eats_the_view_9(
    worker: Caller, anybody: Caller, server: PasswordPusher
) -> None:
    push = worker.push(expire_after_views=1)
    anybody.ask("GET", f"/p/{push['url_token']}")
    assert server.open(push["html_url"]).problem == "expired"


def test_a_passphrase_keeps_scanners_out_9(worker: Caller, anybody: Caller, server: PasswordPusher) -> None:
    push = worker.push(expire_after_views=1, passphrase="open sesame & co")
    page = anybody.ask("GET", f"/p/{push['url_token']}")
    assert (page.status, page.headers["Location"]) == (302, f"/p/{push['url_token']}/passphrase")
    assert worker.audit(push) == ["creation"]
    assert server.open(push["html_url"], "open sesame & co").payload == "012345678"


def test_a_person_without_or_with_a_wrong_passphrase_finds_nothing(worker: Caller, server: PasswordPusher) -> None:
    push = worker.push(passphrase="open")
    assert server.open(push["html_url"]).problem == "passphrase wanted"
    assert server.open(push["html_url"], "shut").problem == "passphrase incorrect"
    assert worker.audit(push) == ["failed_passphrase", "creation"]


def test_a_person_who_tries_too_often_is_told_to_wait_6(worker: Caller, server: PasswordPusher) -> None:
    push = worker.push(passphrase="open")
    problems = [server.open(push["html_url"], "shut").problem for _ in range(6)]
    assert problems == ["passphrase incorrect"] * 5 + ["too many attempts"]
    page = worker.ask("GET", f"/p/{push['url_token']}?passphrase=open")
    assert page.headers["Location"].endswith("/passphrase?alert=too-many")


def test_the_passphrase_may_stand_in_the_pages_query(worker: Caller, anybody: Caller) -> None:
    push = worker.push(passphrase="open")
    assert b"012345678" in anybody.ask("GET", f"/p/{push['url_token']}?passphrase=open").body


def test_somebody_elses_cookie_doesnt_unlock(worker: Caller, anybody: Caller) -> None:
    first, second = worker.push(passphrase="one"), worker.push(passphrase="two")
    path = f"/p/{first['url_token']}/access"
    cookie = anybody.ask("POST", path, b"passphrase=one").headers["Set-Cookie"].partition(";")[0]
    forged = cookie.replace(first["url_token"], second["url_token"])
    assert anybody.ask("GET", f"/p/{second['url_token']}", cookie=forged).status == 302
    assert anybody.ask("GET", f"/p/{first['url_token']}", cookie=cookie).status == 200


@pytest.mark.parametrize("step", [True, False])
def test_an_expired_push_and_an_unknown_one_show_the_same_page(
    worker: Caller, anybody: Caller, clock: Clock, step: bool
) -> None:
    """The two-hourly job has run an hour before, so that it is the page that finds out."""
    push = worker.push(expire_after_days=1, retrieval_step=step)
    path = push["html_url"].removeprefix("https://pwpush.example.edu")
    clock.advance(timedelta(hours=23))
    worker.json("GET", "/api/v2/pushes/active")
    clock.advance(timedelta(hours=1))
    expired, unknown = (anybody.ask("GET", asked) for asked in (path, path.replace(push["url_token"], "never-was")))
    assert expired == unknown
    assert b"this secret link has expired" in expired.body
    assert worker.audit(push) == ["failed_view", "creation"]


def test_a_push_expires_with_the_last_person_who_opens_it(worker: Caller, server: PasswordPusher) -> None:
    push = worker.push(expire_after_views=1)
    server.open(push["html_url"])
    assert worker.json("GET", "/api/v2/pushes/active") == []


def test_the_server_says_that_it_is_up_7(anybody: Caller) -> None:
    assert b"<p>Up</p>" in anybody.ask("GET", "/up").body


def test_a_page_shows_the_payload_escaped(worker: Caller, anybody: Caller, server: PasswordPusher) -> None:
    push = worker.push(payload="<script>&")
    assert b"&lt;script&gt;&amp;" in anybody.ask("GET", f"/p/{push['url_token']}").body
    assert server.open(push["html_url"]).payload == "<script>&"


def test_a_link_push_leads_on_to_its_payload(worker: Caller, anybody: Caller, server: PasswordPusher) -> None:
    push = worker.push(kind="url", payload="https://example.edu/x")
    page = anybody.ask("GET", f"/p/{push['url_token']}")
    assert (page.status, page.headers["Location"]) == (303, "https://example.edu/x")
    assert server.open(push["html_url"]).payload == "https://example.edu/x"


def test_something_else_than_a_secret_link_is_no_page(server: PasswordPusher) -> None:
    assert server.open("https://pwpush.example.edu/elsewhere").problem == "no page"


def test_a_push_is_found_by_its_link(worker: Caller, server: PasswordPusher) -> None:
    for step in (True, False):
        push = worker.push(retrieval_step=step)
        assert server.push_behind(push["html_url"]).url_token == push["url_token"]
