"""What people do in their browsers, and how it looks through the API."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.sandbox.servicenow import ENROLMENT_ITEM, Filed, ServiceNow
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.servicenow.asking import ANN, ANSWERS, DESK, Asker, filed_by_ann


def test_the_same_seed_gives_the_same_instance() -> None:
    first, second, other = (ServiceNow(Clock(), seed=seed) for seed in (3, 3, 4))
    for servicenow in (first, second, other):
        servicenow.add_person(ANN)
    assert first.credentials == second.credentials != other.credentials
    assert filed_by_ann(first) == filed_by_ann(second) != filed_by_ann(other)


def test_signing_in_doesn_t_change_what_comes_after() -> None:
    first, second = (ServiceNow(Clock(), seed=3) for _ in range(2))
    Asker(first).listed("sc_task")
    assert first.add_person(ANN) == second.add_person(ANN)


def test_a_person_is_a_user_with_groups(api: Asker) -> None:
    fields = "user_name,name,first_name,email,mobile_phone,u_personal_email,active"
    assert api.rows("sys_user", "user_name=alee", fields=fields) == [
        {
            "user_name": "alee",
            "name": "Ann Lee",
            "first_name": "Ann",
            "email": "ann.lee@example.edu",
            "mobile_phone": "+14805550101",
            "u_personal_email": "ann@mail.example.net",
            "active": "true",
        }
    ]
    members = api.rows("sys_user_grmember", "user.user_name=tdesk^ORDERBYgroup.name", fields="group.name")
    assert [row["group.name"] for row in members] == ["Identity Desk", "Service Desk"]


def test_a_group_is_made_once_and_grows(servicenow: ServiceNow, api: Asker) -> None:
    assert servicenow.add_group("Library", ["alee"]) == servicenow.add_group("Library", ["tdesk"])
    assert len(api.rows("sys_user_grmember", "group.name=Library")) == 2


def test_a_filed_request_is_a_request_an_item_and_a_task(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    assert [ref.number for ref in (filed.request, filed.item, filed.task)] == [
        "REQ0010001", "RITM0010001", "SCTASK0010001"
    ]  # fmt: skip
    fields = "request_item,request,parent,request_item.cat_item,assignment_group.name,state,opened_by.user_name"
    row = api.one("sc_task", filed.task.sys_id, fields=fields, exclude_reference_link="true")
    assert row == {
        "request_item": filed.item.sys_id,
        "request": filed.request.sys_id,
        "parent": filed.item.sys_id,
        "request_item.cat_item": ENROLMENT_ITEM,
        "assignment_group.name": "Duo Enrolment",
        "state": "1",
        "opened_by.user_name": "alee",
    }
    assert servicenow.row(filed.item.number)["stage"] == "fulfillment"
    assert servicenow.ticket(filed.task.number)["variables"] == {**ANSWERS, "preferred_method": ""}


def test_somebody_may_file_for_another_and_earlier(servicenow: ServiceNow) -> None:
    filed = filed_by_ann(servicenow, opener="tdesk", at=START - timedelta(days=3), watch_list="x@example.edu")
    ticket = servicenow.ticket(filed.task.sys_id)
    assert (ticket["requested_for"], ticket["opened_by"]) == ("alee", "tdesk")
    assert ticket["opened_at"] == ticket["sys_updated_on"] == "2026-11-21 15:00:00"
    assert (ticket["sys_created_by"], ticket["watch_list"]) == ("tdesk", "x@example.edu")


def test_an_approval_is_asked_for_and_given(servicenow: ServiceNow, api: Asker) -> None:
    filed = filed_by_ann(servicenow, approval="requested")
    assert servicenow.row(filed.item.number)["stage"] == "waiting_for_approval"
    servicenow.add_person(replace(DESK, user_name="boss"))
    servicenow.ask_approval(filed.item.number, "boss")
    assert servicenow.ticket(filed.task.number)["approval"] == "requested"
    servicenow.add_person(replace(DESK, user_name="nay"))
    servicenow.reject(filed.item.number, "nay")
    servicenow.ask_approval(filed.item.number, "tdesk")
    servicenow.approve(filed.item.number, "boss")
    query = f"sysapproval={filed.item.sys_id}^ORDERBYapprover.user_name"
    rows = api.rows("sysapproval_approver", query, fields="approver.user_name,state,source_table")
    assert rows == [
        {"approver.user_name": "boss", "state": "approved", "source_table": "sc_req_item"},
        {"approver.user_name": "nay", "state": "rejected", "source_table": "sc_req_item"},
        {"approver.user_name": "tdesk", "state": "not_required", "source_table": "sc_req_item"},
    ]
    item = api.one("sc_req_item", filed.item.sys_id, fields="approval,stage")
    assert item == {"approval": "approved", "stage": "fulfillment"}


def test_asking_for_approval_holds_an_item_that_needed_none(servicenow: ServiceNow, filed: Filed) -> None:
    servicenow.ask_approval(filed.item.number, "tdesk")
    item = servicenow.row(filed.item.number)
    assert (item["approval"], item["stage"]) == ("requested", "waiting_for_approval")


def test_somebody_who_wasn_t_asked_can_reject(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.reject(filed.item.number, "tdesk")
    assert servicenow.ticket(filed.task.number)["approval"] == "rejected"
    (row,) = api.rows("sysapproval_approver", fields="approver.user_name,state")
    assert row == {"approver.user_name": "tdesk", "state": "rejected"}


def test_a_technician_takes_a_task_gives_it_back_and_closes_it(servicenow: ServiceNow, filed: Filed) -> None:
    servicenow.assign(filed.task.number, "tdesk")
    taken = servicenow.ticket(filed.task.number)
    assert (taken["assigned_to"], taken["sys_updated_by"]) == ("tdesk", "tdesk")
    servicenow.assign(filed.task.number, "duo.worker", by="tdesk")
    assert servicenow.ticket(filed.task.number)["assigned_to"] == "duo.worker"
    servicenow.assign(filed.task.number, "", by="tdesk")
    assert servicenow.ticket(filed.task.number)["assigned_to"] == ""
    servicenow.close(filed.task.number, "tdesk", how="skipped")
    closed = servicenow.ticket(filed.task.number)
    assert (closed["state"], closed["closed_by"], closed["item_state"]) == ("7", "tdesk", "7")


def test_a_cancelled_item_takes_its_open_tasks_with_it(servicenow: ServiceNow, filed: Filed) -> None:
    done = servicenow.add_task(filed.item.number, "tdesk", "Done before")
    servicenow.close(done.number, "tdesk")
    servicenow.cancel(filed.item.number, "alee")
    ticket = servicenow.ticket(filed.task.number)
    assert (ticket["state"], ticket["item_state"], ticket["request_state"]) == ("4", "4", "closed_incomplete")
    assert servicenow.row(done.number)["state"] == "3"


def test_what_isn_t_there_is_a_key_error(servicenow: ServiceNow, filed: Filed) -> None:
    for act in (
        lambda: servicenow.comment("SCTASK9999999", "alee", "x"),
        lambda: servicenow.comment(filed.task.number, "nobody", "x"),
        lambda: servicenow.file_request("nobody", {}),
        lambda: servicenow.file_request("alee", {}, item="0" * 32),
    ):
        with pytest.raises(KeyError):
            act()
    with pytest.raises(ValueError, match="maybe"):
        servicenow.file_request("alee", {}, approval="maybe")
