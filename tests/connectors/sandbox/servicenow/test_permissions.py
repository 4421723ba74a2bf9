"""Permissions by table, row and field, and what they make of an answer (ServiceNow facts §3.4, §3.6, §6.4)."""

import pytest

from connectors.sandbox.servicenow import Filed, ServiceNow
from tests.connectors.sandbox.servicenow.asking import Asker, account


@pytest.mark.parametrize("table", ["sc_task", "sc_req_item", "sc_request", "sys_journal_field", "sysapproval_approver"])
def test_itil_reads_what_the_worker_needs_and_no_roles_read_nothing(
    servicenow: ServiceNow, api: Asker, filed: Filed, table: str
) -> None:
    servicenow.work_note(filed.task.number, "tdesk", "x")
    servicenow.approve(filed.item.number, "tdesk")
    assert len(api.rows(table)) == 1
    assert account(servicenow, "snc_read_only").rows(table) == []


@pytest.mark.usefixtures("filed")
def test_a_hidden_table_is_an_empty_list_with_a_count(servicenow: ServiceNow, api: Asker) -> None:
    servicenow.switch(hidden_tables=frozenset({"sc_task"}))
    answer = api.listed("sc_task")
    assert (answer.result, answer.headers["X-Total-Count"]) == ([], "1")


def test_a_hidden_field_is_absent_from_its_record_and_empty_when_walked_to(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.switch(hidden_fields=frozenset({"sc_task.state", "sys_user.email"}))
    assert "state" not in api.one("sc_task", filed.task.sys_id)
    fields = "state,number,request_item.requested_for.email"
    assert api.one("sc_task", filed.task.sys_id, fields=fields) == {
        "number": filed.task.number,
        "request_item.requested_for.email": "",
    }


def test_a_hidden_row_is_empty_when_walked_to(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.switch(hidden_rows=frozenset({filed.item.sys_id}))
    row = api.one(
        "sc_task", filed.task.sys_id, fields="request_item.number,request_item", exclude_reference_link="true"
    )
    assert row == {"request_item.number": "", "request_item": filed.item.sys_id}


def test_groups_and_their_members_can_be_read_by_name(api: Asker) -> None:
    query = "group.nameINIdentity Desk,Duo Hold Queue^user.active=true^ORDERBYsys_id"
    rows = api.rows("sys_user_grmember", query, fields="group.name,user.user_name")
    assert rows == [{"group.name": "Identity Desk", "user.user_name": "tdesk"}]
    assert len(api.rows("sys_user_group", "nameINIdentity Desk,Duo Hold Queue,No Such")) == 2


@pytest.mark.usefixtures("filed")
def test_an_account_switched_off_is_out_at_once(servicenow: ServiceNow) -> None:
    caller = account(servicenow, "itil")
    assert len(caller.rows("sc_task")) == 1
    servicenow.set_user("other.account", active="false")
    assert caller.listed("sc_task").status == 401
