"""Making a push: Password Pusher facts §4 and §5."""

import json
from datetime import timedelta

import pytest

from connectors.sandbox.password_pusher import Limit, PasswordPusher, Settings
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.password_pusher.caller import TOKEN, Caller

ANSWERED = {
    "created_at", "days_remaining", "deletable_by_viewer", "deleted", "expire_after_days", "expire_after_views",
    "expired", "expired_on", "html_url", "json_url", "name", "note", "passphrase", "retrieval_step", "updated_at",
    "url_token", "views_remaining",
}  # fmt: skip


def test_the_answer_has_the_fields_of_5_and_neither_id_kind_nor_payload(worker: Caller) -> None:
    push = worker.push()
    assert set(push) == ANSWERED
    assert {key: push[key] for key in ANSWERED - {"url_token", "html_url", "json_url"}} == {
        "expire_after_days": 7,
        "expire_after_views": 5,
        "days_remaining": 7,
        "views_remaining": 5,
        "expired": False,
        "expired_on": None,
        "deleted": False,
        "retrieval_step": True,
        "deletable_by_viewer": True,
        "passphrase": "",
        "name": "",
        "note": "",
        "created_at": "2026-11-24T15:00:00.000Z",
        "updated_at": "2026-11-24T15:00:00.000Z",
    }


def test_times_have_milliseconds(worker: Caller, clock: Clock) -> None:
    clock.advance(timedelta(milliseconds=7, microseconds=900))
    assert worker.push()["created_at"] == "2026-11-24T15:00:00.007Z"


def test_v1_makes_the_same_push_from_the_root_password(worker: Caller) -> None:
    """Facts §3: the two versions differ in path and root."""
    push = worker.json("POST", "/p.json", {"password": {"payload": "x", "expire_after_days": 2}})
    assert set(push) == ANSWERED
    assert push["expire_after_days"] == 2
    assert worker.json("GET", f"/p/{push['url_token']}.json")["payload"] == "x"


@pytest.mark.parametrize("days", [0, -1, 91, 1000, "soon", None, "", [3]])
def test_days_outside_the_range_silently_become_the_default_4(worker: Caller, days: object) -> None:
    assert worker.push(expire_after_days=days)["expire_after_days"] == 7


@pytest.mark.parametrize("views", [0, 101, "none", None])
def test_views_outside_the_range_silently_become_the_default_4(worker: Caller, views: object) -> None:
    assert worker.push(expire_after_views=views)["expire_after_views"] == 5


@pytest.mark.parametrize(("sent", "taken"), [(1, 1), (90, 90), ("3", 3), ("4 days", 4), (2.9, 2), (True, 1)])
def test_days_within_the_range_are_taken_4(worker: Caller, sent: object, taken: int) -> None:
    assert worker.push(expire_after_days=sent)["expire_after_days"] == taken


def test_an_instances_own_defaults_and_ranges_apply_4(clock: Clock) -> None:
    """Facts §7: with both defaults 1 the silent replacement is harmless."""
    server = PasswordPusher(clock, TOKEN, settings=Settings(days=Limit(1, 1, 5), views=Limit(1, 1, 3)))
    push = Caller(server).push(expire_after_days=9, expire_after_views=9)
    assert (push["expire_after_days"], push["expire_after_views"]) == (1, 1)


def test_expire_after_duration_is_ignored_4(worker: Caller) -> None:
    assert worker.push(expire_after_duration=6)["expire_after_days"] == 7


@pytest.mark.parametrize("field", ["retrieval_step", "deletable_by_viewer"])
@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("on", True),
        ("YES", True),
        ("checked", True),
        (True, True),
        (1, True),
        (False, False),
        ("no", False),
        (2, False),
    ],
)
def test_truthy_words_4(worker: Caller, field: str, sent: object, taken: bool) -> None:
    assert worker.push(**{field: sent})[field] is taken


def test_without_a_word_the_instances_settings_count_4(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=Settings(retrieval_step=False, deletable_by_viewer=False))
    push = Caller(server).push()
    assert (push["retrieval_step"], push["deletable_by_viewer"]) == (False, False)


def test_a_link_can_never_be_deleted_by_viewers_4(worker: Caller) -> None:
    push = worker.push(kind="url", payload="https://example.edu/", deletable_by_viewer=True)
    assert push["deletable_by_viewer"] is None


def test_passphrase_name_and_note_come_back_in_clear_5(worker: Caller) -> None:
    push = worker.push(passphrase="open sesame", name="RITM0010001", note="marker")
    assert (push["passphrase"], push["name"], push["note"]) == ("open sesame", "RITM0010001", "marker")


def test_a_payload_sent_as_a_number_is_kept_as_its_digits(worker: Caller) -> None:
    assert worker.show(worker.push(payload=12345678))["payload"] == "12345678"


def test_the_link_has_the_retrieval_steps_path_5(worker: Caller) -> None:
    push = worker.push(retrieval_step=True)
    assert push["html_url"] == f"https://pwpush.example.edu/p/{push['url_token']}/r"
    plain = worker.push(retrieval_step=False)
    assert plain["html_url"] == f"https://pwpush.example.edu/p/{plain['url_token']}"


def test_json_url_with_the_retrieval_step_leads_nowhere_5(worker: Caller) -> None:
    for step, status in ((True, 404), (False, 200)):
        push = worker.push(retrieval_step=step)
        assert push["json_url"] == push["html_url"] + ".json"
        path = push["json_url"].removeprefix("https://pwpush.example.edu")
        assert worker.ask("GET", path).status == status


def test_links_carry_the_base_url_where_one_is_set_5(clock: Clock) -> None:
    server = PasswordPusher(clock, TOKEN, settings=Settings(override_base_url="https://push.public.example"))
    assert Caller(server).push()["html_url"].startswith("https://push.public.example/p/")


def test_tokens_are_lower_case_and_never_the_same_5(worker: Caller, anybody: Caller, other: Caller) -> None:
    tokens = [caller.push()["url_token"] for caller in (worker, anybody, other) for _ in range(15)]
    assert len(set(tokens)) == len(tokens)
    assert all(token == token.lower() and 11 <= len(token) <= 19 for token in tokens)


@pytest.mark.parametrize(
    ("parameters", "answer"),
    [
        ({"payload": ""}, {"payload": ["Payload is required."]}),
        ({"payload": "  "}, {"payload": ["Payload is required."]}),
        ({"payload": ["a"]}, {"payload": ["Payload is required."]}),
        ({"payload": None}, {"payload": ["Payload is required."]}),
        (
            {"payload": "x" * 1_048_577},
            {"payload": ["The payload is too large.  You can only push up to 1048576 bytes."]},
        ),
        (
            {"kind": "qr", "payload": "x" * 1025},
            {"payload": ["The QR code payload is too large.  You can only push up to 1024 bytes."]},
        ),
        ({"kind": "url", "payload": "javascript:x"}, {"payload": ["must be a valid HTTP or HTTPS URL."]}),
        ({"kind": "file"}, {"kind": ["File pushes are disabled."]}),
        ({"kind": "carrier pigeon"}, {"kind": ["is not included in the list"]}),
    ],
)
def test_a_push_that_cant_be_made_is_a_422_by_field_6(
    worker: Caller, server: PasswordPusher, parameters: dict[str, object], answer: object
) -> None:
    response = worker.ask("POST", "/api/v2/pushes", {"push": {"payload": "x", **parameters}})
    assert (response.status, json.loads(response.body)) == (422, answer)
    assert server.pushes == ()


def test_the_longest_texts_are_taken_4(worker: Caller) -> None:
    worker.push(payload="x" * 1_048_576)
    worker.push(kind="qr", payload="x" * 1024)


@pytest.mark.parametrize("body", [None, {}, {"password": {"payload": "x"}}, {"push": {}}, {"push": "x"}, ["push"]])
def test_a_missing_root_is_a_400_6(worker: Caller, body: object) -> None:
    response = worker.ask("POST", "/api/v2/pushes", body)
    assert response.status == 400
    assert json.loads(response.body)["error"].startswith("param is missing")


def test_a_body_that_is_no_json_is_a_400(worker: Caller) -> None:
    response = worker.ask("POST", "/api/v2/pushes", b"{")
    assert (response.status, json.loads(response.body)) == (400, {"status": 400, "error": "Bad Request"})


def test_sending_the_same_create_twice_makes_two_pushes_4(worker: Caller, server: PasswordPusher) -> None:
    """Facts §4: no idempotency key; only the owner's list tells."""
    worker.push(note="one")
    worker.push(note="one")
    assert [push.note for push in server.pushes] == ["one", "one"]
