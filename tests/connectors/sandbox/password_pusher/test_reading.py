"""Reading a push through the API, and what reading uses up: Password Pusher facts §3 and §5."""

import json
import threading
from datetime import timedelta

import pytest

from connectors.sandbox.password_pusher import PasswordPusher
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import Caller


def test_show_adds_payload_and_files_and_leaves_out_name_and_note_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push(name="RITM0010001", note="marker")
    shown = anybody.show(push)
    assert (shown["payload"], shown["files"]) == ("012345678", [])
    assert not {"name", "note"} & set(shown)


def test_every_get_by_somebody_else_uses_up_a_view_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=3)
    assert [anybody.show(push)["views_remaining"] for _ in range(2)] == [2, 1]


def test_the_last_view_still_has_the_payload_and_says_not_expired_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1, passphrase="open")
    last = anybody.show(push, "?passphrase=open")
    assert (last["payload"], last["expired"], last["views_remaining"]) == ("012345678", False, 0)


def test_an_expired_push_answers_200_without_payload_and_passphrase_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1, passphrase="open")
    anybody.show(push, "?passphrase=open")
    gone = anybody.show(push)
    assert (gone["payload"], gone["passphrase"], gone["expired"]) == (None, None, True)
    assert gone["expired_on"] == "2026-11-24T15:00:00.000Z"
    assert anybody.ask("GET", f"/api/v2/pushes/{push['url_token']}").status == 200
    assert gone["deleted"] is False


def test_the_owners_get_is_free_of_charge_5(worker: Caller) -> None:
    push = worker.push(expire_after_views=1)
    for _ in range(3):
        assert worker.show(push)["payload"] == "012345678"
    assert worker.audit(push) == ["owner_view"] * 3 + ["creation"]


def test_head_uses_up_a_view_as_get_does(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1)
    anybody.ask("HEAD", f"/api/v2/pushes/{push['url_token']}")
    assert worker.show(push)["expired"] is True


def test_views_cant_be_exceeded_by_asking_at_once_1(worker: Caller, anybody: Caller) -> None:
    """Facts §1: fixed in v2.11.2."""
    push = worker.push(expire_after_views=2)
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(anybody.show(push)["payload"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count("012345678") == 2
    assert seen.count(None) == 6


@pytest.mark.parametrize(("after", "expired"), [(timedelta(minutes=59), False), (timedelta(hours=1), True)])
def test_a_push_expires_when_its_days_are_over_5(
    worker: Caller, anybody: Caller, clock: Clock, after: timedelta, expired: bool
) -> None:
    """The two-hourly job has run an hour before, so that it is the reading that finds out."""
    push = worker.push(expire_after_days=1)
    clock.advance(timedelta(hours=23))
    worker.json("GET", "/api/v2/pushes/active")
    clock.advance(after)
    shown = anybody.show(push)
    assert shown["expired"] is expired
    assert (shown["payload"] is None) is expired


def test_days_remaining_counts_whole_days_down(worker: Caller, clock: Clock) -> None:
    push = worker.push(expire_after_days=3)
    clock.advance(timedelta(days=1, hours=23))
    assert worker.show(push)["days_remaining"] == 2


@pytest.mark.parametrize("query", ["", "?passphrase=", "?passphrase=wrong"])
def test_a_wrong_or_missing_passphrase_is_a_401_with_words_6(worker: Caller, anybody: Caller, query: str) -> None:
    push = worker.push(passphrase="open")
    response = anybody.ask("GET", f"/api/v2/pushes/{push['url_token']}{query}")
    body = json.loads(response.body)
    assert response.status == 401
    assert (body["error"], body["status"]) == ("That passphrase is incorrect.", "unauthorized")
    assert worker.audit(push) == ["failed_passphrase", "creation"]
    assert worker.json("GET", "/api/v2/pushes/active")[0]["views_remaining"] == 5


def test_the_owner_needs_the_passphrase_too(worker: Caller) -> None:
    push = worker.push(passphrase="open")
    assert worker.ask("GET", f"/api/v2/pushes/{push['url_token']}").status == 401


def test_a_preview_gives_the_link_and_uses_up_nothing_3(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1)
    for path in (f"/api/v2/pushes/{push['url_token']}/preview", f"/p/{push['url_token']}/preview.json"):
        assert anybody.json("GET", path) == {"url": push["html_url"]}
    assert worker.audit(push) == ["creation"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v2/pushes/never-was"),
        ("DELETE", "/api/v2/pushes/never-was"),
        ("GET", "/api/v2/pushes/never-was/audit"),
        ("GET", "/api/v2/pushes/never-was/preview"),
        ("GET", "/p/never-was.json"),
    ],
)
def test_what_never_was_is_not_found_6(worker: Caller, method: str, path: str) -> None:
    response = worker.ask(method, path)
    assert (response.status, json.loads(response.body)) == (404, {"error": "not-found"})


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/p/x.json"), ("GET", "/nothing"), ("POST", "/api/v2/pushes/x/notify_emails"), ("GET", "/f/x.json")],
)
def test_there_is_no_route_to_what_is_left_out(worker: Caller, method: str, path: str) -> None:
    response = worker.ask(method, path)
    assert response.status == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_the_same_seed_draws_the_same_tokens(clock: Clock) -> None:
    first, second, third = (Caller(PasswordPusher(clock, "workers-api-token", seed=seed)) for seed in (1, 1, 2))
    token = first.push()["url_token"]
    assert second.push()["url_token"] == token
    assert third.push()["url_token"] != token
