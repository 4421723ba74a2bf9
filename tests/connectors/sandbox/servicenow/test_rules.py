"""Business rules of the platform: closing, roll-up, request states (ServiceNow facts §1.3)."""

from datetime import timedelta

import pytest

from connectors.sandbox.servicenow import AbortRule, Filed, ServiceNow
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.servicenow.asking import Asker, admin


@pytest.mark.parametrize(
    ("state", "active"), [("3", "false"), ("4", "false"), ("7", "false"), ("2", "true"), ("-5", "true")]
)
def test_active_follows_the_state_whatever_a_client_writes(api: Asker, filed: Filed, state: str, active: str) -> None:
    wrong = "true" if active == "false" else "false"
    answer = api.patch("sc_task", filed.task.sys_id, {"state": state, "active": wrong}).result
    assert answer["active"] == active


def test_closing_signs_and_reopening_takes_it_back(
    servicenow: ServiceNow, api: Asker, filed: Filed, clock: Clock
) -> None:
    clock.advance(timedelta(seconds=6))
    closed = api.patch("sc_task", filed.task.sys_id, {"state": "3"}).result
    assert closed["closed_at"] == "2026-11-24 15:00:06"
    assert closed["calendar_duration"] == "1970-01-01 00:00:06"
    assert servicenow.ticket(filed.task.number)["closed_by"] == "duo.worker"
    reopened = api.patch("sc_task", filed.task.sys_id, {"state": "1"}).result
    assert (reopened["closed_at"], reopened["closed_by"], reopened["active"]) == ("", "", "true")


@pytest.mark.parametrize(
    ("first", "second", "item", "request_state"),
    [
        ("3", "3", "3", "closed_complete"),
        ("3", "4", "4", "closed_incomplete"),
        ("4", "7", "4", "closed_incomplete"),
        ("7", "7", "7", "closed_complete"),
        ("7", "3", "3", "closed_complete"),
    ],
)
def test_the_last_closed_task_closes_item_and_request(
    servicenow: ServiceNow, api: Asker, filed: Filed, first: str, second: str, item: str, request_state: str
) -> None:
    other = servicenow.add_task(filed.item.number, "tdesk", "Something else")
    api.patch("sc_task", filed.task.sys_id, {"state": first})
    assert servicenow.row(filed.item.number)["state"] == "1"
    api.patch("sc_task", other.sys_id, {"state": second})
    assert (servicenow.row(filed.item.number)["state"], servicenow.row(filed.item.number)["active"]) == (item, "false")
    assert servicenow.row(filed.request.number)["request_state"] == request_state


def test_the_roll_up_bumps_the_item_which_the_answer_shows(api: Asker, filed: Filed) -> None:
    fields = "sys_mod_count,request_item.sys_mod_count,request_item.state"
    answer = api.patch("sc_task", filed.task.sys_id, {"state": "3"}, fields=fields).result
    assert answer == {"sys_mod_count": "1", "request_item.sys_mod_count": "1", "request_item.state": "3"}


def test_a_rule_that_refuses_the_item_doesn_t_undo_the_task(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.switch(abort_rules=(AbortRule("sc_req_item", when="state=3"),))
    assert api.patch("sc_task", filed.task.sys_id, {"state": "3"}).status == 200
    assert servicenow.row(filed.item.number)["state"] == "1"


def test_without_an_execution_plan_nothing_rolls_up(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.switch(execution_plan=False)
    api.patch("sc_task", filed.task.sys_id, {"state": "3"})
    assert servicenow.row(filed.item.number)["state"] == "1"


def test_closing_the_item_rolls_up_to_the_request_only(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    api.patch("sc_req_item", filed.item.sys_id, {"state": "3"})
    assert servicenow.row(filed.request.number)["state"] == "3"
    assert servicenow.row(filed.task.number)["state"] == "1"


def test_submitted_comes_back_as_in_process(servicenow: ServiceNow, filed: Filed) -> None:
    assert servicenow.row(filed.request.number)["request_state"] == "in_process"
    caller = admin(servicenow)
    caller.patch("sc_request", filed.request.sys_id, {"request_state": "draft"})
    answer = caller.patch("sc_request", filed.request.sys_id, {"request_state": "submitted"}).result
    assert answer["request_state"] == "in_process"


def test_a_customer_s_rule_can_touch_the_item_with_every_task_write(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.switch(task_touches_item=True)
    api.patch("sc_task", filed.task.sys_id, {"work_notes": "seen"})
    item = servicenow.row(filed.item.number)
    assert (item["sys_mod_count"], item["sys_updated_by"]) == ("1", "duo.worker")
