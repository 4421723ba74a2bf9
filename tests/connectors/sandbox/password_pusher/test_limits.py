"""How often one may ask: Password Pusher facts §6."""

import json
from dataclasses import replace
from datetime import timedelta

from connectors.sandbox.password_pusher import PasswordPusher, Settings
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import TOKEN, Caller


def test_five_passphrases_a_minute_and_push_right_or_wrong_6(worker: Caller, anybody: Caller, clock: Clock) -> None:
    push = worker.push(passphrase="open")
    path = f"/api/v2/pushes/{push['url_token']}"
    tried = [anybody.ask("GET", f"{path}?passphrase={word}").status for word in ("a", "b", "open", "c", "d")]
    assert tried == [401, 401, 200, 401, 401]
    sixth = anybody.ask("GET", f"{path}?passphrase=open")
    assert sixth.status == 429
    assert json.loads(sixth.body)["error"].startswith("Too many passphrase attempts")
    assert worker.audit(push).count("failed_passphrase") == 4
    clock.advance(timedelta(minutes=1))
    assert anybody.ask("GET", f"{path}?passphrase=open").status == 200


def test_tries_on_the_page_and_through_the_api_count_together_6(worker: Caller, server: PasswordPusher) -> None:
    push = worker.push(passphrase="open")
    for _ in range(5):
        server.open(push["html_url"], "wrong")
    assert worker.ask("GET", f"/p/{push['url_token']}.json?passphrase=open").status == 429


def test_another_push_has_its_own_five_6(worker: Caller, anybody: Caller) -> None:
    first, second = worker.push(passphrase="open"), worker.push(passphrase="open")
    for _ in range(6):
        anybody.ask("GET", f"/api/v2/pushes/{first['url_token']}?passphrase=x")
    assert anybody.ask("GET", f"/api/v2/pushes/{second['url_token']}?passphrase=open").status == 200


def test_asking_without_a_passphrase_is_no_try_6(worker: Caller, anybody: Caller) -> None:
    push = worker.push(passphrase="open")
    path = f"/api/v2/pushes/{push['url_token']}"
    assert [anybody.ask("GET", path).status for _ in range(7)] == [401] * 7
    assert anybody.ask("GET", f"{path}?passphrase=open").status == 200


def test_120_calls_a_minute_and_client_then_plain_text_with_retry_after_6(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=replace(Settings(), throttle_second=0))
    caller = Caller(server)
    clock.advance(timedelta(seconds=10))
    assert {caller.ask("GET", "/api/v2/version").status for _ in range(120)} == {200}
    refused = caller.ask("GET", "/api/v2/version")
    assert (refused.status, refused.body, refused.headers["Retry-After"]) == (429, b"Retry later\n", "50")
    assert refused.headers["Content-Type"].startswith("text/plain")
    assert replace(caller, ip="203.0.113.99").ask("GET", "/api/v2/version").status == 200
    assert caller.ask("GET", "/up").status == 200
    clock.advance(timedelta(seconds=50))
    assert caller.ask("GET", "/api/v2/version").status == 200


def test_60_calls_a_second_and_client_6(worker: Caller, clock: Clock) -> None:
    assert {worker.ask("GET", "/api/v2/version").status for _ in range(60)} == {200}
    refused = worker.ask("GET", "/api/v2/version")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    clock.advance(timedelta(seconds=1))
    assert worker.ask("GET", "/api/v2/version").status == 200


def test_a_throttled_create_makes_no_push_6(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=replace(Settings(), throttle_minute=1))
    caller = Caller(server)
    caller.push()
    assert caller.ask("POST", "/api/v2/pushes", {"push": {"payload": "x"}}).status == 429
    assert len(server.pushes) == 1


def test_behind_a_proxy_the_forwarded_address_is_counted_6(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=replace(Settings(), throttle_minute=1))
    caller = Caller(server)
    answers = [
        caller.ask("GET", "/api/v2/version", **{"x-forwarded-for": f"10.0.0.1, 198.51.100.{last}"})
        for last in (1, 2, 2)
    ]
    assert [answer.status for answer in answers] == [200, 200, 429]


def test_a_throttle_is_changed_while_it_serves(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=replace(Settings(), throttle_minute=1))
    caller = Caller(server)
    asked = [caller.ask("GET", "/api/v2/version").status for _ in range(2)]
    server.set_throttle(minute=0, second=0)
    assert [*asked, caller.ask("GET", "/api/v2/version").status] == [200, 429, 200]
