"""Several requests in one (ServiceNow facts §4)."""

import base64
import json
from typing import Any

import pytest

from connectors.sandbox.servicenow import Filed, RateLimit, ServiceNow
from tests.connectors.sandbox.servicenow.asking import Asker, account

HEADERS = [{"name": "Content-Type", "value": "application/json"}, {"name": "Accept", "value": "application/json"}]


def item(id_: str, method: str, url: str, body: Any = None, **more: Any) -> dict[str, Any]:
    payload = {} if body is None else {"body": base64.b64encode(json.dumps(body).encode()).decode()}
    return {"id": id_, "method": method, "url": url, "headers": HEADERS, **payload, **more}


def sent(api: Asker, *items: dict[str, Any]) -> Any:
    return api.send("POST", "/api/now/v1/batch", {"batch_request_id": 1, "rest_requests": list(items)}).json


def outcome(served: Any) -> Any:
    return json.loads(base64.b64decode(served["body"])) if served["body"] else None


def test_each_item_has_its_own_outcome_and_the_whole_is_200(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    task = f"/api/now/table/sc_task/{filed.task.sys_id}"
    answer = sent(
        api,
        item("11", "PATCH", f"{task}?sysparm_fields=state", {"state": "2", "work_notes": "by batch"}),
        item("12", "PATCH", "/api/now/table/sc_task/unknown", {"state": "2"}),
        item("13", "GET", "/api/now/table/no_such"),
        item("14", "GET", "/nowhere"),
    )
    assert answer["batch_request_id"] == "1"
    served = {each["id"]: each for each in answer["serviced_requests"]}
    assert {id_: each["status_code"] for id_, each in served.items()} == {"11": 200, "12": 404, "13": 400, "14": 400}
    assert served["12"]["status_text"] == "Not Found"
    assert outcome(served["11"]) == {"result": {"state": "2"}}
    assert servicenow.journal(filed.task.number)[0].text == "by batch"


@pytest.mark.usefixtures("filed")
def test_an_item_says_whether_it_wants_headers(api: Asker) -> None:
    url = "/api/now/table/sc_task?sysparm_limit=1"
    full, short = sent(api, item("1", "GET", url), item("2", "GET", url, exclude_response_headers=True))[
        "serviced_requests"
    ]
    assert {"name": "X-Total-Count", "value": "1"} in full["headers"]
    assert "headers" not in short


@pytest.mark.parametrize(("begun_is_done", "state"), [(False, "1"), (True, "2")])
def test_what_wasn_t_served_in_time_comes_back_as_ids_though_the_first_may_be_done(
    servicenow: ServiceNow, api: Asker, filed: Filed, begun_is_done: bool, state: str
) -> None:
    """Unconfirmed, so a switch."""
    servicenow.switch(batch_serves=1, batch_begun_is_done=begun_is_done)
    task = f"/api/now/table/sc_task/{filed.task.sys_id}"
    answer = sent(
        api, item("a", "GET", task), item("b", "PATCH", task, {"state": "2"}), item("c", "PATCH", task, {"state": "-5"})
    )
    assert [each["id"] for each in answer["serviced_requests"]] == ["a"]
    assert answer["unserviced_requests"] == ["b", "c"]
    assert servicenow.row(filed.task.number)["state"] == state


def test_permissions_are_asked_for_each_item(servicenow: ServiceNow, filed: Filed) -> None:
    task = f"/api/now/table/sc_task/{filed.task.sys_id}"
    reader = account(servicenow, "sn_request_read")
    served = sent(reader, item("1", "PATCH", task, {"state": "2"}), item("2", "GET", task))["serviced_requests"]
    assert [each["status_code"] for each in served] == [403, 200]


@pytest.mark.parametrize(
    "body",
    [b"{", {}, [], {"rest_requests": [{"id": "1", "method": "GET"}]}, {"rest_requests": [7]}, {"rest_requests": {}}],
    ids=str,
)
def test_a_batch_that_can_t_be_read_is_400(api: Asker, body: Any) -> None:
    assert api.send("POST", "/api/now/v1/batch", body).status == 400


def test_a_body_that_is_not_base64_fails_its_item_alone(api: Asker, filed: Filed) -> None:
    task = f"/api/now/table/sc_task/{filed.task.sys_id}"
    served = sent(api, {**item("1", "PATCH", task), "body": "{}"}, item("2", "GET", task))["serviced_requests"]
    assert [each["status_code"] for each in served] == [400, 200]


def test_a_batch_in_a_batch_and_other_verbs_are_refused(api: Asker) -> None:
    (served,) = sent(api, item("1", "POST", "/api/now/v1/batch", {"rest_requests": []}))["serviced_requests"]
    assert served["status_code"] == 400
    assert api.send("GET", "/api/now/v1/batch").status == 405


@pytest.mark.parametrize(("counted", "statuses"), [(True, [200, 429]), (False, [200, 200])])
def test_items_may_count_in_rate_limits(
    servicenow: ServiceNow, api: Asker, filed: Filed, counted: bool, statuses: list[int]
) -> None:
    """Unconfirmed, so a switch."""
    servicenow.switch(batch_items_count=counted, rate_limits=(RateLimit(1),))
    task = f"/api/now/table/sc_task/{filed.task.sys_id}"
    served = sent(api, item("1", "GET", task), item("2", "GET", task))["serviced_requests"]
    assert [each["status_code"] for each in served] == statuses


def test_it_may_be_shut_while_the_table_api_is_open(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.switch(closed_apis=frozenset({"batch"}))
    task = f"/api/now/table/sc_task/{filed.task.sys_id}"
    refused = api.send("POST", "/api/now/v1/batch", {"batch_request_id": 1, "rest_requests": [item("1", "GET", task)]})
    assert (refused.status, refused.json["error"]["message"]) == (403, "User Not Authorized")
    assert api.send("GET", task).status == 200
