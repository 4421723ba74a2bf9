"""pysnow 0.7.17 as it comes from the package registry, and what it does that one has to know (facts §7)."""

import json
from typing import Any

import pysnow
import pytest
import requests

from connectors.sandbox.servicenow import AbortRule, Filed, ServiceNow


def tasks(snow: Any) -> Any:
    return snow.resource(api_path="/table/sc_task")


def test_a_task_is_found_by_its_number(snow: Any, filed: Filed) -> None:
    found = tasks(snow).get(query={"number": filed.task.number}).one()
    assert found["sys_id"] == filed.task.sys_id
    assert found["request_item"]["value"] == filed.item.sys_id


def test_its_query_builder_finds_what_it_describes(snow: Any, filed: Filed) -> None:
    query = (
        pysnow.QueryBuilder()
        .field("state").equals(["1", "2"]).AND()
        .field("number").starts_with("SCTASK").AND()
        .field("closed_at").is_empty().AND()
        .field("number").order_descending()
    )  # fmt: skip
    assert [row["number"] for row in tasks(snow).get(query=query).all()] == [filed.task.number]


def test_fields_limit_offset_and_display_values_pass(snow: Any, filed: Filed) -> None:
    resource = tasks(snow)
    resource.parameters.display_value = "all"
    resource.parameters.exclude_reference_link = True
    (row,) = resource.get(query="ORDERBYsys_id", fields=["state", "request_item"], limit=1, offset=0).all()
    assert row["state"] == {"display_value": "Open", "value": "1"}
    assert row["request_item"] == {"display_value": filed.item.number, "value": filed.item.sys_id}


def test_a_patch_by_request_answers_the_record_after_the_rules(snow: Any, servicenow: ServiceNow, filed: Filed) -> None:
    sent = json.dumps({"state": "3", "close_notes": "done", "comments": "You are enrolled."})
    answer = tasks(snow).request("PATCH", path_append=f"/{filed.task.sys_id}", data=sent).one()
    assert (answer["state"], answer["active"], answer["comments"]) == ("3", "false", "")
    assert servicenow.ticket(filed.task.number)["comments"] == ["You are enrolled."]


def test_its_update_is_a_get_and_a_put(snow: Any, filed: Filed) -> None:
    answer = tasks(snow).update(query={"number": filed.task.number}, payload={"state": "2"}).one()
    assert (answer["sys_id"], answer["state"]) == (filed.task.sys_id, "2")


def test_a_write_that_was_refused_raises_nothing_until_it_is_read(
    snow: Any, servicenow: ServiceNow, filed: Filed
) -> None:
    servicenow.switch(abort_rules=(AbortRule("sc_task", when="state=3"),))
    answer = tasks(snow).request("PATCH", path_append=f"/{filed.task.sys_id}", data='{"state": "3"}')
    assert "403" in repr(answer)
    with pytest.raises(requests.HTTPError, match="403"):
        answer.one()


def test_half_a_list_with_an_error_is_taken_for_the_whole(snow: Any, servicenow: ServiceNow, filed: Filed) -> None:
    servicenow.file_request("alee", {})
    servicenow.switch(mishap="truncated")
    assert [row["number"] for row in tasks(snow).get(query="ORDERBYnumber").all()] == [filed.task.number]


def test_a_hibernating_instance_is_no_json(snow: Any, servicenow: ServiceNow) -> None:
    servicenow.switch(mishap="hibernating")
    with pytest.raises(requests.JSONDecodeError):
        tasks(snow).get(query="active=true").all()


def test_a_202_to_a_read_is_told(snow: Any, servicenow: ServiceNow) -> None:
    servicenow.switch(mishap="accepted")
    with pytest.raises(pysnow.exceptions.EmptyContent):
        tasks(snow).get(query="active=true").all()


def test_a_batch_answer_has_no_result(snow: Any, filed: Filed) -> None:
    item = {"id": "1", "method": "GET", "url": f"/api/now/table/sc_task/{filed.task.sys_id}"}
    resource = snow.resource(base_path="/api/now/v1", api_path="/batch")
    sent = json.dumps({"batch_request_id": "7", "rest_requests": [item]})
    answer = resource.request("POST", data=sent)
    assert answer._response.json()["batch_request_id"] == "7"
    with pytest.raises(pysnow.exceptions.MissingResult):
        answer.one()


def test_a_record_is_created_and_deleted_where_roles_allow(server: Any, servicenow: ServiceNow, trust: Any) -> None:
    servicenow.set_password("admin", "admin's")
    with requests.Session() as session:
        session.auth, session.verify, session.trust_env = ("admin", "admin's"), str(trust.ca_file), False
        resource = pysnow.Client(host=f"localhost:{server.port}", session=session).resource(api_path="/table/sc_task")
        made = resource.create({"short_description": "By hand"}).one()
        assert made["number"].startswith("SCTASK")
        assert resource.delete(query={"number": made["number"]}) == {"status": "record deleted"}
