"""Attachment API (ServiceNow facts §8.3)."""

from typing import Any

import pytest

from connectors.sandbox.servicenow import Filed, ServiceNow
from tests.connectors.sandbox.servicenow.asking import Asker, account

UPLOAD = {"accept": "application/json", "content-type": "image/png"}


@pytest.fixture
def uploaded(api: Asker, filed: Filed) -> Any:
    query = f"file_name=a.png&table_name=sc_task&table_sys_id={filed.task.sys_id}"
    return api.send("POST", f"/api/now/v1/attachment/file?{query}", b"PNG", UPLOAD).result


def test_a_file_is_described_listed_read_and_deleted(api: Asker, filed: Filed, uploaded: Any) -> None:
    assert (uploaded["file_name"], uploaded["size_bytes"], uploaded["content_type"]) == ("a.png", "3", "image/png")
    path = f"/api/now/attachment/{uploaded['sys_id']}"
    assert uploaded["download_link"].endswith(f"/attachment/{uploaded['sys_id']}/file")
    listed = api.send("GET", "/api/now/attachment", query=f"table_sys_id={filed.task.sys_id}").result
    assert [row["sys_id"] for row in listed] == [uploaded["sys_id"]]
    assert (api.send("GET", path).status, api.send("GET", path).result["file_name"]) == (200, "a.png")
    answer = api.send("GET", f"{path}/file")
    assert (answer.body, answer.headers["Content-Type"]) == (b"PNG", "image/png")
    assert api.send("DELETE", path).status == 204
    assert api.send("GET", path).status == 404


def test_wrong_requests_are_refused(api: Asker, servicenow: ServiceNow, uploaded: Any) -> None:
    assert api.send("POST", "/api/now/attachment/file", b"x", UPLOAD).status == 400
    assert api.send("PATCH", "/api/now/attachment").status == 405
    assert api.send("GET", "/api/now/attachment/a/b/c").status == 400
    assert account(servicenow).send("DELETE", f"/api/now/attachment/{uploaded['sys_id']}").status == 403
