"""Groups, policies, logs and the questions of `check`."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.duo import groups, logs, policies, probe
from connectors.duo.model import CalculatedPolicy, Group, TelephonyEvent
from connectors.errors import Misconfigured, Unavailable
from connectors.sandbox.messages import Response
from tests.connectors.duo.callers import INTEGRATION_KEY, USER_ID, admin, failed, ok
from tests.connectors.scripted import NOW, Scripted

SINCE = datetime(2026, 11, 24, 3, 0, 0, 250_000, tzinfo=UTC)
UNTIL = SINCE + timedelta(minutes=10)


def test_groups_come_with_their_own_status(scripted: Scripted) -> None:
    scripted.answer(ok([{"group_id": "DGBDKSSH37KSJ373JKSU", "name": "Duo Admins", "status": "Active", "desc": "x"}]))
    assert groups.listing(admin(scripted.port, scripted.ca_file)) == (
        Group("DGBDKSSH37KSJ373JKSU", "Duo Admins", "active"),
    )


@pytest.mark.parametrize("answer", [{}, "", None, [{"name": "no id"}], ["x"]])
def test_groups_that_cannot_be_read_are_no_answer(scripted: Scripted, answer: object) -> None:
    scripted.answer(ok(answer))
    with pytest.raises(Unavailable):
        groups.listing(admin(scripted.port, scripted.ca_file))


@pytest.mark.parametrize("blocked", [["Bypass", "sms"], "bypass, sms", "bypass,sms,"])
def test_blocked_methods_come_as_a_list_or_as_a_text(scripted: Scripted, blocked: object) -> None:
    methods = {"blocked_auth_list": blocked, "allowed_auth_list": ["duo-push"]}
    sections = {"authentication_methods": methods, "new_user": {"new_user_behavior": "deny"}}
    scripted.answer(ok({"sections": sections, "policy_elements": {}}))
    policy = policies.calculated(admin(scripted.port, scripted.ca_file), INTEGRATION_KEY, USER_ID)
    assert policy == CalculatedPolicy("deny", ("bypass", "sms"))
    assert scripted.asked[0].raw_query == f"integration_key={INTEGRATION_KEY}&user_id={USER_ID}"


@pytest.mark.parametrize("key", ["", "the portal", "../../users"])
def test_what_can_be_no_application_is_a_mistake_in_the_settings(scripted: Scripted, key: str) -> None:
    with pytest.raises(Misconfigured, match="integration key"):
        policies.calculated(admin(scripted.port, scripted.ca_file), key, USER_ID)
    assert not scripted.asked


def test_a_policy_that_says_nothing_says_nothing(scripted: Scripted) -> None:
    scripted.answer(ok({}))
    policy = policies.calculated(admin(scripted.port, scripted.ca_file), INTEGRATION_KEY, USER_ID)
    assert policy == CalculatedPolicy("", ())


@pytest.mark.parametrize(
    "answer", [[], {"sections": []}, {"sections": {"authentication_methods": {"blocked_auth_list": [5]}}}]
)
def test_a_policy_that_cannot_be_read_is_no_answer(scripted: Scripted, answer: object) -> None:
    scripted.answer(ok(answer))
    with pytest.raises(Unavailable):
        policies.calculated(admin(scripted.port, scripted.ca_file), INTEGRATION_KEY, USER_ID)


def texted(ts: str) -> dict[str, object]:
    return {"ts": ts, "type": "SMS", "phone": "+14805550123", "context": "enrollment", "credits": 1}


def test_a_reading_of_texts_is_one_page_and_says_whether_there_is_more(scripted: Scripted) -> None:
    later = [texted("2026-11-23T20:02:00-07:00"), texted("2026-11-24T03:03:00")]
    scripted.answer(
        ok({"items": [*later, texted("2026-11-24T03:01:00.359000+00:00")], "metadata": {}}),
        ok({"items": [texted("2026-11-24T03:01:00")], "metadata": {"next_offset": "1666714065304,5bf1a860"}}),
        ok({"items": [], "metadata": {"next_offset": "1666714065304,5bf1a860"}}),
    )
    client = admin(scripted.port, scripted.ca_file)
    whole, part, empty = (logs.telephony(client, SINCE, UNTIL) for _ in range(3))
    minutes = [(event.at.minute, event.at.tzinfo) for event in whole.events]
    assert minutes == [(1, UTC), (2, UTC), (3, UTC)]
    assert whole.events[0] == TelephonyEvent(whole.events[0].at, "sms", "+14805550123", "enrollment")
    assert (whole.more, part.more, empty.more) == (False, True, False)
    asked = {"mintime": "1795489200250", "maxtime": "1795489800250", "limit": "1000", "sort": "ts:asc"}
    assert [dict(each.query) for each in scripted.asked] == [asked] * 3


def test_a_reading_of_logins_is_one_page_too(scripted: Scripted) -> None:
    row = {
        "timestamp": 1_795_489_300,
        "txid": "340a23e3",
        "event_type": "authentication",
        "factor": "bypass_code",
        "result": "success",
        "reason": None,
        "user": {"key": USER_ID, "name": "mpark"},
        "application": {"key": "DIY231J8BR23QK4UKBY8", "name": "Portal"},
    }
    scripted.answer(
        ok({"authlogs": [row], "metadata": {"next_offset": ["1795489300000", "340a23e3"]}}), ok({"authlogs": []})
    )
    client = admin(scripted.port, scripted.ca_file)
    page = logs.authentication(client, SINCE, UNTIL)
    assert (page.more, logs.authentication(client, SINCE, UNTIL)) == (True, logs.Page((), more=False))
    assert [(event.user_id, event.factor, event.result, event.application) for event in page.events] == [
        (USER_ID, "bypass_code", "success", "Portal")
    ]


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"items": [{}]},
        {"items": [texted("soon")]},
        {"items": [], "metadata": []},
    ],
)
def test_a_log_that_cannot_be_read_is_no_answer(scripted: Scripted, answer: object) -> None:
    scripted.answer(ok(answer))
    with pytest.raises(Unavailable):
        logs.telephony(admin(scripted.port, scripted.ca_file), SINCE, UNTIL)


def test_all_rights_and_a_right_clock_are_found(scripted: Scripted) -> None:
    at = {"Date": "Tue, 24 Nov 2026 03:16:15 GMT"}
    scripted.answer(Response(200, ok([]).body, at), ok(""), ok({"items": []}))
    client = admin(scripted.port, scripted.ca_file)
    findings = list(probe.probes(client, NOW))
    assert [(name, ok) for name, ok, _ in findings if name != "clock"] == [
        ("Grant resource - Read", True),
        ("Grant resource - Write", True),
        ("Grant read log", True),
    ]
    assert [asked.method for asked in scripted.asked] == ["GET", "DELETE", "GET"]


def test_a_missing_right_is_named_and_the_others_are_still_asked_for(scripted: Scripted) -> None:
    scripted.answer(ok([]), failed(40301, "Access forbidden"), ok({"items": []}))
    findings = {
        name: (granted, words) for name, granted, words in probe.probes(admin(scripted.port, scripted.ca_file), NOW)
    }
    assert findings["Grant resource - Write"][0] is False
    assert "forbidden" in findings["Grant resource - Write"][1]
    assert findings["Grant read log"] == (True, "granted")


def test_how_wrong_the_clock_is_is_told(scripted: Scripted) -> None:
    scripted.answer(Response(200, ok([]).body, {"Date": "Tue, 24 Nov 2020 03:16:15 GMT"}), ok(""), ok({"items": []}))
    _, clock, *_ = probe.probes(admin(scripted.port, scripted.ca_file), NOW)
    assert clock[:2] == ("clock", False)
    assert clock[2].startswith("+")


@pytest.mark.parametrize("date", ["", "soon", "Tue, 99 Nov 2020 03:16:15 GMT"])
def test_a_time_that_is_none_is_not_compared_with(scripted: Scripted, date: str) -> None:
    scripted.answer(Response(200, ok([]).body, {"Date": date}), ok(""), ok({"items": []}))
    _, clock, *_ = probe.probes(admin(scripted.port, scripted.ca_file), NOW)
    assert clock[1] is True


MADE = {
    "timestamp": 1795489300,
    "username": "API",
    "action": "bypass_create",
    "object": "mpark",
    "description": '{"bypass": "", "count": 1, "valid_secs": "28790", "auto_generated": true, "remaining_uses": 2, '
    f'"user_id": "{USER_ID}", "bypass_code_ids": ["DB1234567890ABCDEFGH"]}}',
}


def test_the_administrator_log_tells_which_codes_were_made(scripted: Scripted) -> None:
    later = {"timestamp": 1795489400, "username": "Pat Doe", "action": "user_update", "description": "{}"}
    scripted.answer(ok([later, MADE]))
    first, second = logs.administrator(admin(scripted.port, scripted.ca_file), SINCE)
    assert (first.actor, first.at) == ("API", datetime.fromtimestamp(1795489300, UTC))
    assert first.codes == logs.CodesMade(USER_ID, 1, 28790, 2, ("DB1234567890ABCDEFGH",))
    assert (second.action, second.codes) == ("user_update", None)
    assert scripted.asked[0].raw_query == f"mintime={int(SINCE.timestamp())}"


@pytest.mark.parametrize(
    "differs",
    [
        {"description": None},
        {"description": "{not json"},
        {"description": "[" * 9000},
        {"description": "[1]"},
        {"description": '{"count": true, "valid_secs": "soon", "user_id": 5, "bypass_code_ids": {"a": 1}}'},
    ],
)
def test_a_change_that_tells_less_is_still_a_change(scripted: Scripted, differs: dict[str, object]) -> None:
    scripted.answer(ok([{**MADE, **differs}]))
    (event,) = logs.administrator(admin(scripted.port, scripted.ca_file), SINCE)
    assert event.codes == logs.CodesMade()


@pytest.mark.parametrize("odd", ["a text", None, 5, {}, {"timestamp": "soon"}, {"timestamp": 10**15}, {"username": []}])
def test_an_odd_row_of_the_administrator_log_hides_no_other(scripted: Scripted, odd: object) -> None:
    scripted.answer(ok([odd, MADE]))
    events = logs.administrator(admin(scripted.port, scripted.ca_file), SINCE)
    assert [event.codes is not None for event in events] == [False, True]
    assert events[0].at == SINCE


@pytest.mark.parametrize("answer", [{}, "", None, {"items": []}])
def test_an_administrator_log_that_is_no_list_is_no_answer(scripted: Scripted, answer: object) -> None:
    scripted.answer(ok(answer))
    with pytest.raises(Unavailable):
        logs.administrator(admin(scripted.port, scripted.ca_file), SINCE)
