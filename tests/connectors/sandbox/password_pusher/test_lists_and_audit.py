"""The owner's lists, the audit log, and expiring by hand: Password Pusher facts §3, §5 and §6."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.sandbox.password_pusher import PasswordPusher, Settings
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import OTHER_TOKEN, TOKEN, Caller


@pytest.fixture
def unthrottled(clock: Clock) -> Caller:
    settings = replace(Settings(), throttle_minute=0, throttle_second=0)
    return Caller(PasswordPusher(clock, TOKEN, others={OTHER_TOKEN: "other"}, settings=settings))


def test_lists_hold_the_callers_own_pushes_newest_first_with_note_and_passphrase_5(
    worker: Caller, other: Caller, anybody: Caller
) -> None:
    other.push()
    anybody.push()
    worker.push(note="first", passphrase="one")
    worker.push(note="second", passphrase="two")
    listed = worker.json("GET", "/api/v2/pushes/active")
    assert [(push["note"], push["passphrase"]) for push in listed] == [("second", "two"), ("first", "one")]
    assert not any("payload" in push for push in listed)
    assert worker.json("GET", "/p/active.json") == listed


def test_an_expired_push_moves_to_the_other_list_without_its_passphrase_5(worker: Caller) -> None:
    push = worker.push(note="marker", passphrase="open")
    worker.ask("DELETE", f"/api/v2/pushes/{push['url_token']}")
    assert worker.json("GET", "/api/v2/pushes/active") == []
    (gone,) = worker.json("GET", "/api/v2/pushes/expired")
    assert (gone["note"], gone["passphrase"], gone["deleted"]) == ("marker", None, True)


def test_a_list_has_50_a_page_3(unthrottled: Caller) -> None:
    for index in range(120):
        unthrottled.push(note=str(index))
    pages = [unthrottled.json("GET", f"/api/v2/pushes/active?page={page}") for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert [push["note"] for page in pages for push in page] == [str(index) for index in range(119, -1, -1)]


@pytest.mark.parametrize("page", ["201", "one", "1.5", ""])
def test_a_page_that_is_none_is_a_400_6(worker: Caller, page: str) -> None:
    push = worker.push()
    for path in ("/api/v2/pushes/active", f"/api/v2/pushes/{push['url_token']}/audit"):
        response = worker.ask("GET", f"{path}?page={page}")
        assert (response.status, json.loads(response.body)) == (400, {"error": "Invalid page parameter"})


def test_the_last_page_is_the_200th_3(worker: Caller) -> None:
    assert worker.json("GET", "/api/v2/pushes/active?page=200") == []


@pytest.mark.parametrize("page", ["0", "-3"])
def test_a_page_before_the_first_is_the_first(worker: Caller, page: str) -> None:
    worker.push()
    assert len(worker.json("GET", f"/api/v2/pushes/active?page={page}")) == 1


def test_a_lapsed_push_stands_among_the_active_until_the_two_hourly_job_5(worker: Caller, clock: Clock) -> None:
    clock.advance(timedelta(hours=1))
    worker.push(expire_after_days=1)
    clock.advance(timedelta(hours=23))
    worker.json("GET", "/api/v2/pushes/active")  # the job runs: at 24 h the push is 23 h old
    clock.advance(timedelta(hours=1, minutes=59))
    assert len(worker.json("GET", "/api/v2/pushes/active")) == 1
    clock.advance(timedelta(minutes=1))
    assert worker.json("GET", "/api/v2/pushes/active") == []


def test_a_push_moves_to_the_expired_with_its_last_view_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1)
    anybody.show(push)
    assert worker.json("GET", "/api/v2/pushes/active") == []
    assert len(worker.json("GET", "/api/v2/pushes/expired")) == 1


def test_an_audit_row_has_the_fields_of_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push()
    anybody.ask("GET", f"/api/v2/pushes/{push['url_token']}", referer="https://mail.example.edu/")
    newest = worker.json("GET", f"/api/v2/pushes/{push['url_token']}/audit")["logs"][0]
    assert newest == {
        "ip": "203.0.113.11",
        "user_agent": "tests",
        "referrer": "https://mail.example.edu/",
        "kind": "view",
        "created_at": "2026-11-24T15:00:00.000Z",
        "updated_at": "2026-11-24T15:00:00.000Z",
    }


def test_v1_calls_the_rows_views_3(worker: Caller) -> None:
    push = worker.push()
    assert [row["kind"] for row in worker.json("GET", f"/p/{push['url_token']}/audit.json")["views"]] == ["creation"]


def test_the_audit_tells_what_happened_and_survives_expiry_5(worker: Caller, anybody: Caller) -> None:
    push = worker.push(expire_after_views=1, passphrase="open")
    path = f"/api/v2/pushes/{push['url_token']}"
    anybody.ask("GET", f"{path}?passphrase=shut")
    anybody.ask("GET", f"{path}?passphrase=open")
    anybody.ask("GET", path)
    assert worker.audit(push) == ["failed_view", "view", "failed_passphrase", "creation"]


def test_an_audit_has_50_a_page_3(unthrottled: Caller) -> None:
    push = unthrottled.push()
    for _ in range(60):
        unthrottled.show(push)
    path = f"/api/v2/pushes/{push['url_token']}/audit"
    assert [len(unthrottled.json("GET", f"{path}?page={page}")["logs"]) for page in (1, 2)] == [50, 11]


@pytest.mark.parametrize(("rows", "payload"), [(1999, "012345678"), (2000, None)])
def test_a_full_audit_log_fails_closed_5(unthrottled: Caller, rows: int, payload: str | None) -> None:
    push = unthrottled.push()
    for _ in range(rows - 1):
        unthrottled.show(push)
    reader = replace(unthrottled, token="")
    assert reader.show(push)["payload"] == payload


def test_a_full_audit_log_still_lets_the_owner_read_5(unthrottled: Caller) -> None:
    push = unthrottled.push()
    for _ in range(2000):
        unthrottled.show(push)
    assert unthrottled.show(push)["payload"] == "012345678"


def test_an_audit_row_keeps_255_characters_of_what_the_browser_says(worker: Caller, anybody: Caller) -> None:
    push = worker.push()
    anybody.ask("GET", f"/api/v2/pushes/{push['url_token']}", **{"user-agent": "u" * 256, "referer": "r" * 256})
    newest = worker.json("GET", f"/api/v2/pushes/{push['url_token']}/audit")["logs"][0]
    assert (newest["user_agent"], newest["referrer"]) == ("u" * 255, "r" * 255)


def test_an_audit_is_for_the_owner_alone_6(worker: Caller, other: Caller, anybody: Caller) -> None:
    for push in (worker.push(), anybody.push()):
        response = other.ask("GET", f"/api/v2/pushes/{push['url_token']}/audit")
        assert (response.status, json.loads(response.body)) == (403, {"error": "That push doesn't belong to you."})


def test_an_owner_expires_a_push_and_may_repeat_it_3(worker: Caller, anybody: Caller) -> None:
    push = worker.push(deletable_by_viewer=False)
    path = f"/api/v2/pushes/{push['url_token']}"
    for _ in range(2):
        answer = worker.json("DELETE", path)
        assert (answer["expired"], answer["deleted"]) == (True, True)
        assert not {"payload", "note", "name"} & set(answer)
    assert worker.audit(push) == ["expire", "creation"]
    assert anybody.show(push)["payload"] is None


def test_v1_expires_too_3(worker: Caller) -> None:
    push = worker.push()
    assert worker.json("DELETE", f"/p/{push['url_token']}.json")["expired"] is True


def test_a_viewer_expires_a_push_only_where_that_was_allowed_6(worker: Caller, other: Caller, anybody: Caller) -> None:
    allowed, forbidden = worker.push(deletable_by_viewer=True), worker.push(deletable_by_viewer=False)
    assert anybody.ask("DELETE", f"/api/v2/pushes/{allowed['url_token']}").status == 200
    for viewer in (other, anybody):
        response = viewer.ask("DELETE", f"/api/v2/pushes/{forbidden['url_token']}")
        assert response.status == 401
        assert json.loads(response.body) == {"error": "That push is not deletable by viewers."}


def test_an_anonymous_push_is_nobodys_even_to_token_holders_1(worker: Caller, anybody: Caller) -> None:
    """Facts §1: CVE-2026-62382, fixed in v2.9.6."""
    push = anybody.push(deletable_by_viewer=False)
    for caller in (worker, anybody):
        assert caller.ask("DELETE", f"/api/v2/pushes/{push['url_token']}").status == 401
