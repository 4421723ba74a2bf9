"""How requests are refused: status, message, detail (ServiceNow facts §3.1, §3.6)."""

import pytest

from connectors.sandbox.servicenow import AbortRule, DataPolicy, Filed, ServiceNow
from tests.connectors.sandbox.servicenow.asking import Asker, account, admin

NO_RECORD = (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")


def test_a_table_that_isn_t_there_is_400_for_everybody(servicenow: ServiceNow, api: Asker) -> None:
    expected = (400, "Invalid table no_such_table", None)
    assert api.listed("no_such_table").error == expected
    assert account(servicenow).listed("no_such_table").error == expected


@pytest.mark.parametrize("path", ["/api/now/nothing", "/api/other", "/", "/api/now/table", "/api/now/table/a/b/c"])
def test_a_path_that_names_no_api_is_400(api: Asker, path: str) -> None:
    assert api.send("GET", path).error == (400, "Requested URI does not represent any resource", None)


def test_a_record_that_is_absent_and_one_that_is_hidden_look_the_same(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.switch(hidden_rows=frozenset({filed.task.sys_id}))
    for sys_id in (filed.task.sys_id, "0" * 32):
        assert api.send("GET", f"/api/now/table/sc_task/{sys_id}").error == NO_RECORD
        assert api.patch("sc_task", sys_id, {"state": "2"}).error == NO_RECORD


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", ""), ("PATCH", ""), ("POST", "/0"), ("OPTIONS", ""), ("OPTIONS", "/0")]
)
def test_a_method_that_isn_t_offered_is_405(api: Asker, method: str, path: str) -> None:
    assert api.send(method, f"/api/now/table/sc_task{path}").status == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "application/json"}, 400),
        ({"accept": "application/json"}, 400),
        ({"accept": "text/csv", "content-type": "application/json"}, 406),
        ({"accept": "application/json", "content-type": "text/plain"}, 415),
        ({"accept": "*/*", "content-type": "application/json; charset=utf-8"}, 200),
    ],
)
def test_a_write_needs_accept_and_content_type(api: Asker, filed: Filed, headers: dict[str, str], status: int) -> None:
    """§3.1."""
    answer = api.send("PATCH", f"/api/now/table/sc_task/{filed.task.sys_id}", {"state": "2"}, headers)
    assert answer.status == status


def test_a_write_without_a_body_needs_a_content_type_where_the_documentation_is_followed(
    servicenow: ServiceNow, filed: Filed
) -> None:
    servicenow.switch(empty_body_needs_content_type=True)
    path, headers = f"/api/now/table/sc_task/{filed.task.sys_id}", {"accept": "application/json"}
    assert admin(servicenow).send("DELETE", path, headers=headers).status == 400
    servicenow.switch(empty_body_needs_content_type=False)
    assert admin(servicenow).send("DELETE", path, headers=headers).status == 204


@pytest.mark.parametrize("body", [b"{", b'"text"', b"7"])
def test_a_body_that_is_no_object_is_400(api: Asker, filed: Filed, body: bytes) -> None:
    assert api.patch("sc_task", filed.task.sys_id, body).status == 400


def test_a_url_over_8192_bytes_is_414_and_a_page(api: Asker) -> None:
    """§3.7."""
    frame = len("/api/now/table/sc_task?sysparm_query=")
    assert api.listed("sc_task", "x" * (8192 - frame)).status == 200
    answer = api.listed("sc_task", "x" * (8193 - frame))
    assert answer.status == 414
    assert answer.body.startswith(b"<html>")


def test_who_may_read_but_not_write_is_refused_the_write(servicenow: ServiceNow, filed: Filed) -> None:
    reader = account(servicenow, "sn_request_read")
    denied = "ACL Exception {} Failed due to security constraints"
    assert reader.one("sc_task", filed.task.sys_id)["number"] == filed.task.number
    assert reader.patch("sc_task", filed.task.sys_id, {"state": "2"}).error == (
        403, "Operation Failed", denied.format("Update")
    )  # fmt: skip
    assert reader.send("POST", "/api/now/table/sc_task", {}).error == (
        403, "Operation Failed", denied.format("Insert")
    )  # fmt: skip
    assert reader.send("DELETE", f"/api/now/table/sc_task/{filed.task.sys_id}").error == (
        403, "Operation Failed", denied.format("Delete")
    )  # fmt: skip


def test_nobody_inserts_requests_or_writes_variables(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§1.1, §6.4."""
    assert api.send("POST", "/api/now/table/sc_request", {}).status == 403
    option = api.rows("sc_item_option")[0]["sys_id"]
    for caller in (api, admin(servicenow)):
        answer = caller.patch("sc_item_option", option, {"value": "other"})
        assert answer.error[1:] == ("Operation Failed", "ACL Exception Update Failed due to security constraints")
    assert servicenow.ticket(filed.task.number)["variables"]["device_type"] == "Duo Mobile"


def test_a_business_rule_can_abort_a_write_and_its_own_message_doesn_t_cross(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    rule = AbortRule("sc_task", when="state=3^close_notesISEMPTY", name="Notes please", rule="ab" * 16)
    servicenow.switch(abort_rules=(rule,))
    status, message, detail = api.patch("sc_task", filed.task.sys_id, {"state": "3", "comments": "bye"}).error
    assert (status, message) == (403, "Operation Failed")
    assert detail is not None
    assert detail.startswith(
        f"Operation against file 'sc_task' was aborted by Business Rule 'Notes please^{'ab' * 16}'."
    )
    assert servicenow.row(filed.task.number)["state"] == "1"
    assert servicenow.journal(filed.task.number) == []
    assert api.patch("sc_task", filed.task.sys_id, {"state": "3", "close_notes": "done"}).status == 200


def test_a_data_policy_names_the_labels_that_are_missing(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    policy = DataPolicy("sc_task", when="state=3", mandatory=("close_notes", "work_notes"))
    servicenow.switch(data_policies=(policy,))
    expected = "Data Policy Exception: The following fields are mandatory: Close notes, Work notes"
    assert api.patch("sc_task", filed.task.sys_id, {"state": "3"}).error == (403, "Operation Failed", expected)
    whole = {"state": "3", "close_notes": "done", "work_notes": "by hand"}
    assert api.patch("sc_task", filed.task.sys_id, whole).status == 200


def test_there_is_no_schema_to_discover(servicenow: ServiceNow, api: Asker) -> None:
    """§6.4."""
    servicenow.insert("sys_properties", {"name": "glide.invalid_query.returns_no_rows", "value": "false"})
    below = account(servicenow, "sn_request_read")
    assert below.listed("sys_db_object").error[:2] == (403, "Insufficient rights to query records")
    assert api.rows("sys_properties") == api.rows("sys_dictionary") == []
