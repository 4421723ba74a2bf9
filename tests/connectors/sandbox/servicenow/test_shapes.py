"""What answers look like: raw values, display values, references, dotted keys (ServiceNow facts §3.2, §3.5, §8.1)."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.servicenow import Filed, ServiceNow
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.servicenow.asking import JSON, Asker

LINK = "https://sandbox.service-now.com/api/now/table/sc_req_item/"


def task(api: Asker, filed: Filed, fields: str, **words: Any) -> Any:
    return api.one("sc_task", filed.task.sys_id, fields=fields, **words)


def test_every_scalar_is_a_text_and_nothing_is_null(api: Asker, filed: Filed) -> None:
    row = api.one("sc_task", filed.task.sys_id, exclude_reference_link="true")
    assert {type(value) for value in row.values()} == {str}
    assert (row["active"], row["state"], row["sys_mod_count"], row["closed_at"]) == ("true", "1", "0", "")
    assert (row["upon_approval"], row["upon_reject"], row["escalation"]) == ("proceed", "cancel", "0")


def test_a_reference_is_a_link_and_a_value(api: Asker, filed: Filed) -> None:
    reference = {"link": f"{LINK}{filed.item.sys_id}", "value": filed.item.sys_id}
    assert task(api, filed, "request_item,assigned_to") == {"request_item": reference, "assigned_to": ""}


@pytest.mark.parametrize("word", ["true", "True", "TRUE"])
def test_links_can_be_left_out_in_any_case_of_the_word(api: Asker, filed: Filed, word: str) -> None:
    row = task(api, filed, "request_item", exclude_reference_link=word)
    assert row == {"request_item": filed.item.sys_id}


@pytest.mark.parametrize("word", ["false", "False", "", "nonsense"])
def test_raw_values_are_what_is_asked_for_without_saying(api: Asker, filed: Filed, word: str) -> None:
    assert task(api, filed, "state", display_value=word) == {"state": "1"}


def test_display_values_are_labels_and_names(api: Asker, filed: Filed) -> None:
    row = task(api, filed, "state,request_item,sys_class_name,approval,active", display_value="true")
    assert row == {
        "state": "Open",
        "request_item": {"display_value": filed.item.number, "link": f"{LINK}{filed.item.sys_id}"},
        "sys_class_name": "Catalog Task",
        "approval": "Not Yet Requested",
        "active": "true",
    }
    plain = task(api, filed, "request_item", display_value="true", exclude_reference_link="true")
    assert plain == {"request_item": filed.item.number}


def test_all_gives_both_and_null_for_a_date_that_isn_t_there(api: Asker, filed: Filed) -> None:
    row = task(api, filed, "state,request_item,due_date,sla_due,assigned_to,close_notes", display_value="all")
    assert row == {
        "state": {"display_value": "Open", "value": "1"},
        "request_item": {
            "display_value": filed.item.number,
            "value": filed.item.sys_id,
            "link": f"{LINK}{filed.item.sys_id}",
        },
        "due_date": {"display_value": None, "value": ""},
        "sla_due": {"display_value": "UNKNOWN", "value": ""},
        "assigned_to": {"display_value": "", "value": ""},
        "close_notes": {"display_value": "", "value": ""},
    }


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "2026-11-24 07:00:00"),  # the instance's own: Los Angeles
        ("America/Phoenix", "2026-11-24 08:00:00"),
        ("Asia/Tokyo", "2026-11-25 00:00:00"),  # across midnight
        ("GMT", "2026-11-24 15:00:00"),
    ],
)
def test_raw_times_are_utc_and_shown_ones_are_the_user_s(
    servicenow: ServiceNow, api: Asker, filed: Filed, zone: str, shown: str
) -> None:
    """§3.3."""
    servicenow.set_user("duo.worker", time_zone=zone)
    row = task(api, filed, "opened_at", display_value="all")
    assert row == {"opened_at": {"display_value": shown, "value": "2026-11-24 15:00:00"}}


def test_dotted_keys_stay_dotted_and_unknown_ones_are_left_out(api: Asker, filed: Filed) -> None:
    fields = "request_item.request.requested_for.email, request_item.cat_item.name,no_such,request_item.no_such,state.x"
    assert task(api, filed, fields) == {
        "request_item.request.requested_for.email": "ann.lee@example.edu",
        "request_item.cat_item.name": "Duo enrolment after SMS and phone",
    }


def test_a_dot_walked_reference_is_a_reference(api: Asker, filed: Filed) -> None:
    cell = task(api, filed, "request_item.requested_for", display_value="all")["request_item.requested_for"]
    assert cell["display_value"] == "Ann Lee"
    assert cell["link"].endswith(f"/sys_user/{cell['value']}")


def test_walking_over_nothing_gives_nothing(api: Asker, filed: Filed) -> None:
    assert task(api, filed, "assigned_to.user_name") == {"assigned_to.user_name": ""}


def test_the_domain_points_at_no_record(api: Asker, filed: Filed) -> None:
    cell = task(api, filed, "sys_domain", display_value="all")["sys_domain"]
    assert (cell["display_value"], cell["value"]) == ("global", "global")


@pytest.mark.parametrize(
    ("lasted", "kept", "shown"),
    [
        (timedelta(seconds=6), "1970-01-01 00:00:06", "6 Seconds"),
        (timedelta(minutes=1), "1970-01-01 00:01:00", "1 Minute"),
        (timedelta(hours=3, minutes=59), "1970-01-01 03:59:00", "3 Hours"),
        (timedelta(days=1), "1970-01-02 00:00:00", "1 Day"),
    ],
)
def test_a_duration_is_an_offset_from_1970(
    servicenow: ServiceNow, api: Asker, filed: Filed, clock: Clock, lasted: timedelta, kept: str, shown: str
) -> None:
    clock.advance(lasted)
    servicenow.close(filed.task.number, "tdesk")
    row = task(api, filed, "calendar_duration", display_value="all")
    assert row == {"calendar_duration": {"display_value": shown, "value": kept}}


def test_a_label_can_be_another_on_this_instance(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§1: every instance may rename choices."""
    servicenow.switch(choice_labels={("sc_task", "state", "1"): "New"})
    assert task(api, filed, "state", display_value="true") == {"state": "New"}


def test_a_password_never_comes_out(api: Asker) -> None:
    (row,) = api.rows("sys_user", "user_name=duo.worker", fields="user_password", display_value="all")
    assert row == {"user_password": {"display_value": "********", "value": "********"}}


def test_an_empty_list_is_404_in_version_1_and_an_empty_list_later(api: Asker) -> None:
    """§3.1."""
    v1, v2, latest = (api.send("GET", f"/api/now/{version}table/sc_task") for version in ("v1/", "v2/", ""))
    assert (v1.status, v1.json["error"]["message"]) == (404, "No Record found")
    assert v2.result == latest.result == []
    assert v1.headers["X-Total-Count"] == latest.headers["X-Total-Count"] == "0"


def test_a_full_list_is_the_same_in_both_versions(api: Asker, filed: Filed) -> None:
    numbers = [api.send("GET", f"/api/now/{version}/table/sc_task").result[0]["number"] for version in ("v1", "v2")]
    assert numbers == [filed.task.number] * 2


def test_the_body_of_a_write_s_answer_can_be_suppressed(api: Asker, filed: Filed) -> None:
    """§3.1."""
    headers = {**JSON, "x-no-response-body": "true"}
    answer = api.send("PATCH", f"/api/now/table/sc_task/{filed.task.sys_id}", {"state": "2"}, headers)
    assert (answer.status, answer.body) == (200, b"")
