"""The logs (Admin API facts §8)."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, ask, person, signed

pytestmark = STOCK_CLIENT

HOUR = timedelta(hours=1)
LAG = timedelta(minutes=2)


def ms(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def authentication(admin: Any, clock: Clock, **asked: str) -> Any:
    window = {"mintime": ms(clock() - HOUR), "maxtime": ms(clock())}
    return admin.get_authentication_log(api_version=2, **{**window, **asked})


def test_a_code_that_was_used_is_seen_after_two_minutes(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person())
    assert duo.use_code("atorres", duo.issue_code("atorres"), country="MX")
    clock.advance(LAG - timedelta(seconds=1))
    assert authentication(admin, clock)["authlogs"] == []
    clock.advance(timedelta(seconds=1))
    (row,) = authentication(admin, clock)["authlogs"]
    assert (row["factor"], row["result"], row["reason"]) == ("bypass_code", "success", "valid_passcode")
    assert row["event_type"] == "authentication"
    assert row["user"]["key"] == user_id
    assert row["timestamp"] == int(START.timestamp())
    assert row["access_device"]["location"]["country"] == "MX"
    assert row["application"]["name"] == "Device Management Portal"


def test_a_user_in_bypass_is_another_reason_and_no_code(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person(status="bypass"))
    assert not duo.use_code("atorres", duo.issue_code("atorres"))
    clock.advance(LAG)
    (row,) = authentication(admin, clock)["authlogs"]
    assert (row["factor"], row["result"], row["reason"]) == ("not_available", "success", "bypass_user")


@pytest.mark.parametrize(
    ("status", "reason"),
    [("locked out", "locked_out"), ("disabled", "user_disabled"), ("pending deletion", "user_disabled")],
)
def test_who_cant_log_in_is_denied_with_the_reason(
    duo: Duo, admin: Any, clock: Clock, status: str, reason: str
) -> None:
    duo.add_person(person(status=status))
    duo.use_code("atorres", "000000000")
    clock.advance(LAG)
    (row,) = authentication(admin, clock)["authlogs"]
    assert (row["result"], row["reason"]) == ("denied", reason)


def test_an_added_device_is_an_enrollment(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person())
    duo.register_key("atorres", "Blue key")
    duo.add_phone("atorres", NUMBER)
    clock.advance(LAG)
    rows = authentication(admin, clock, sort="ts:asc", event_types="enrollment")["authlogs"]
    assert {row["auth_device"]["name"] for row in rows} == {"Blue key", NUMBER}


def test_the_log_pages_by_a_list_of_two_texts_inside_the_response(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person())
    code = duo.issue_code("atorres", uses=None)
    for _ in range(25):
        duo.use_code("atorres", code)  # all of them in one millisecond
    clock.advance(LAG)
    asked = {"mintime": ms(clock() - HOUR), "maxtime": ms(clock()), "limit": "5"}
    body = ask(duo, signed("GET", "/admin/v2/logs/authentication", asked))[1]
    assert "metadata" not in body
    seen: list[str] = []
    pages = 0
    while True:
        pages += 1
        page = authentication(admin, clock, **asked)
        seen += [row["txid"] for row in page["authlogs"]]
        assert page["metadata"]["total_objects"] == 25
        if "next_offset" not in page["metadata"]:
            break
        at, txid = page["metadata"]["next_offset"]
        assert (at, txid) == (ms(START), seen[-1])
        asked["next_offset"] = f"{at},{txid}"
    assert len(seen) == len(set(seen)) == 25
    assert pages == 5


def test_pages_in_the_order_of_time_repeat_and_lose_nothing(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person())
    for _ in range(5):
        duo.use_code("atorres", "000000000")
        clock.advance(timedelta(seconds=1))
    clock.advance(LAG)
    first = authentication(admin, clock, sort="ts:asc", limit="3")
    cursor = ",".join(first["metadata"]["next_offset"])
    second = authentication(admin, clock, sort="ts:asc", limit="3", next_offset=cursor)
    start = int(START.timestamp())
    assert [row["timestamp"] - start for row in first["authlogs"] + second["authlogs"]] == [0, 1, 2, 3, 4]
    assert "next_offset" not in second["metadata"]


def test_newest_rows_come_first_unless_sorted(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person())
    for _ in range(3):
        duo.use_code("atorres", "000000000")
        clock.advance(timedelta(seconds=1))
    clock.advance(LAG)
    newest = [row["timestamp"] for row in authentication(admin, clock)["authlogs"]]
    oldest = [row["timestamp"] for row in authentication(admin, clock, sort="ts:asc")["authlogs"]]
    assert newest == oldest[::-1] == [int(START.timestamp()) + second for second in (2, 1, 0)]


def test_filters_pass_only_what_they_name(duo: Duo, admin: Any, clock: Clock) -> None:
    one = duo.add_person(person("one", groups=("Staff",)))
    duo.add_person(person("two"))
    duo.use_code("one", "000000000")
    duo.use_code("two", duo.issue_code("two"))
    clock.advance(LAG)

    def names(**asked: Any) -> set[str]:
        return {row["user"]["name"] for row in authentication(admin, clock, **asked)["authlogs"]}

    (group,) = admin.get_groups()
    assert names() == {"one", "two"}
    assert names(users=one) == {"one"}
    assert names(results="success") == {"two"}
    assert names(results=["success", "denied"]) == {"one", "two"}
    assert names(reasons="invalid_passcode") == {"one"}
    assert names(factors="bypass_code", results="fraud") == set()
    assert names(groups=group["group_id"]) == {"one"}
    assert names(event_types="enrollment") == set()


def test_rows_outside_the_window_or_older_than_180_days_arent_told(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person())
    duo.use_code("atorres", "000000000")
    clock.advance(timedelta(days=180))
    window = {"mintime": "0", "maxtime": ms(clock())}
    assert len(authentication(admin, clock, **window)["authlogs"]) == 1
    assert authentication(admin, clock, mintime=ms(START + timedelta(seconds=1)))["authlogs"] == []
    assert authentication(admin, clock, mintime="0", maxtime=ms(START - timedelta(seconds=1)))["authlogs"] == []
    clock.advance(timedelta(seconds=1))
    assert authentication(admin, clock, mintime="0")["authlogs"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"mintime": ""}, 40001),
        ({"maxtime": ""}, 40001),
        ({"mintime": "x"}, 40002),
        ({"sort": "up"}, 40002),
        ({"next_offset": "1"}, 40002),
        ({"limit": "0"}, 40002),
    ],
)
@pytest.mark.parametrize("log", ["authentication", "telephony"])
def test_a_window_must_be_complete_and_make_sense(duo: Duo, log: str, changed: dict[str, str], code: int) -> None:
    asked = {"mintime": "1", "maxtime": "2", **changed}
    assert ask(duo, signed("GET", f"/admin/v2/logs/{log}", asked))[1]["code"] == code


def test_every_text_is_in_the_telephony_log(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person("atorres", DuoPhone(NUMBER, "apple ios")))
    (phone,) = admin.get_phones()
    admin.send_sms_activation_to_phone(phone["phone_id"], install=True)
    clock.advance(LAG)
    told = admin.get_telephony_log(int(ms(clock() - HOUR)), api_version=2, maxtime=int(ms(clock())))
    assert [(row["type"], row["phone"], row["credits"]) for row in told["items"]] == [("sms", NUMBER, 1)] * 2
    assert told["items"][0].keys() >= {"context", "telephony_id", "txid", "ts"}
    assert datetime.fromisoformat(told["items"][0]["ts"]) == START
    assert told["metadata"] == {"total_objects": {"relation": "eq", "value": 2}}


def test_the_telephony_log_pages_by_one_text(duo: Duo, admin: Any, clock: Clock) -> None:
    duo.add_person(person("atorres", DuoPhone(NUMBER, "apple ios")))
    (phone,) = admin.get_phones()
    for _ in range(3):
        admin.send_sms_installation(phone["phone_id"])
    clock.advance(LAG)
    window = {"mintime": int(ms(clock() - HOUR)), "maxtime": int(ms(clock())), "api_version": 2, "limit": 2}
    first = admin.get_telephony_log(**window)
    second = admin.get_telephony_log(**window, next_offset=first["metadata"]["next_offset"])
    assert len({row["telephony_id"] for row in first["items"] + second["items"]}) == 3
    assert "next_offset" not in second["metadata"]


def test_the_administrator_log_tells_every_code_that_was_made(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person())
    duo.issue_code("atorres")
    clock.advance(timedelta(seconds=1))
    admin.add_user_bypass_codes(user_id, count=2, valid_secs=60, remaining_uses=3, preserve_existing=True)
    agents, ours = admin.get_administrator_log()
    assert (agents["action"], agents["username"], agents["object"]) == (
        "bypass_create",
        "help.desk@example.edu",
        "atorres",
    )
    assert ours["username"] == "API"
    assert admin.get_administrator_log(int(clock().timestamp())) == [ours]
    assert json.loads(ours["description"]) == {
        "bypass": "",
        "count": 2,
        "valid_secs": 60,
        "auto_generated": True,
        "remaining_uses": 3,
        "user_id": user_id,
        "bypass_code_ids": [code["bypass_code_id"] for code in admin.get_user_bypass_codes(user_id)][1:],
    }
    duo.switches.api_actor = "Duo enrolment worker"
    admin.add_user_bypass_codes(user_id, count=1, preserve_existing=True)
    assert "Duo enrolment worker" in {row["username"] for row in admin.get_administrator_log()}


def test_every_change_by_the_api_is_in_the_administrator_log(duo: Duo, admin: Any) -> None:
    user_id, phone_id = admin.add_user("new")["user_id"], admin.add_phone(number=NUMBER)["phone_id"]
    admin.update_user(user_id, notes="x")
    admin.update_phone(phone_id, name="x")
    admin.add_user_bypass_codes(user_id, count=1)
    admin.delete_bypass_code_by_id(admin.get_user_bypass_codes(user_id)[0]["bypass_code_id"])
    admin.delete_webauthncredential(duo.register_key("new"))
    admin.delete_phone(phone_id)
    admin.delete_user(user_id)
    admin.enroll_user("newer", "newer@example.edu")
    assert sorted((row["action"], row["object"]) for row in admin.get_administrator_log()) == [
        ("bypass_create", "new"),
        ("bypass_delete", "new"),
        ("phone_create", NUMBER),
        ("phone_delete", NUMBER),
        ("phone_update", NUMBER),
        ("user_create", "new"),
        ("user_create", "newer"),
        ("user_delete", "new"),
        ("user_update", "new"),
        ("webauthncredential_delete", "Security key"),
    ]


def test_the_administrator_log_tells_the_earliest_thousand(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person())
    request = signed("POST", f"/admin/v1/users/{user_id}", {"notes": "x"})
    for _ in range(1001):
        ask(duo, request)
        clock.advance(timedelta(seconds=1))
    rows = admin.get_administrator_log()
    assert len(rows) == 1000
    assert rows[0]["timestamp"] == int(START.timestamp())


def test_logs_of_version_1_and_the_activity_log_are_absent(duo: Duo) -> None:
    for path in ("/admin/v1/logs/authentication", "/admin/v1/logs/telephony", "/admin/v2/logs/activity"):
        assert ask(duo, signed("GET", path, {"mintime": "1", "maxtime": "2"}))[1]["code"] == 40401
