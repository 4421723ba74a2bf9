"""Writes that go in one call of the Batch API: what is sent, and what each answer means for each of them."""

import base64
import contextlib
import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.sandbox.messages import Response
from connectors.servicenow.batch import LARGEST
from connectors.servicenow.query import UnfitForQuery
from connectors.servicenow.table import Dropped, patch
from connectors.servicenow.write import write_of
from tests.connectors.scripted import Scripted, everything_shown
from tests.connectors.servicenow.batches import IDS, SENT, Desk, batched, good, item, kinds
from tests.connectors.servicenow.test_failures import HIBERNATING, MEANINGS, PASSPHRASE, said


def test_what_is_sent_together_is_what_would_be_sent_singly(scripted: Scripted) -> None:
    desk = Desk(scripted.answer(batched(*(good(record) for record in IDS[:3]))))
    rows = desk.write(*IDS[:3])
    (request,) = scripted.asked
    assert (request.method, request.path, request.raw_query) == ("POST", "/api/now/v1/batch", "")
    assert request.headers["content-type"] == request.headers["accept"] == "application/json"
    asked = json.loads(request.body)
    assert asked["batch_request_id"] == "1"
    assert [each["id"] for each in asked["rest_requests"]] == ["1", "2", "3"]
    for record, each in zip(IDS[:3], asked["rest_requests"], strict=True):
        fields = "sysparm_fields=assigned_to,state,sys_id,u_passphrase,work_notes"
        assert each["method"] == "PATCH"
        assert each["url"] == f"/api/now/table/sc_task/{record}?{fields}&sysparm_exclude_reference_link=true"
        assert json.loads(base64.b64decode(each["body"])) == SENT
        assert {header["name"].lower() for header in each["headers"]} == {"content-type", "accept"}
    assert [row["sys_id"] for row in rows] == IDS[:3]


def test_a_write_alone_is_a_plain_patch(scripted: Scripted) -> None:
    (row,) = Desk(scripted.answer(good(IDS[0]))).write(IDS[0])
    assert row["state"] == "2"
    (request,) = scripted.asked
    assert (request.method, request.path) == ("PATCH", f"/api/now/table/sc_task/{IDS[0]}")
    assert json.loads(request.body) == SENT
    assert request.parameter("sysparm_fields") == "assigned_to,state,sys_id,u_passphrase,work_notes"
    assert request.headers["content-type"] == request.headers["accept"] == "application/json"


@pytest.mark.parametrize(("answer", "_on_read", "on_write"), [row for row in MEANINGS if row[0] is not None])
def test_an_item_means_what_the_same_answer_to_a_call_of_its_own_would(
    scripted: Scripted, answer: Response, _on_read: type[ConnectorError], on_write: type[ConnectorError]
) -> None:
    came = Desk(scripted.answer(batched(answer, good(IDS[1]), answer))).write(*IDS[:3])
    assert [kinds(came)[0], kinds(came)[2]] == [on_write, on_write]
    assert came[1]["sys_id"] == IDS[1]


def test_every_item_has_its_own_outcome(scripted: Scripted) -> None:
    wait = said(429, "Rate limit exceeded", Retry_After="1800")
    answers = (good(IDS[0]), said(403, "Operation Failed", "Keep out"), wait, said(500, "cancelled"))
    row, refused, unavailable, uncertain = Desk(scripted.answer(batched(*answers))).write(*IDS[:4])
    assert row["state"] == "2"
    assert isinstance(refused, Refused)
    assert (refused.code, refused.detail) == ("403", "403 Operation Failed / Keep out")
    assert isinstance(unavailable, Unavailable)
    assert unavailable.retry_after == timedelta(minutes=30)
    assert isinstance(uncertain, Uncertain)
    assert len(scripted.asked) == 1


def test_a_field_that_an_item_didn_t_take_over_is_told_to_its_own_caller(scripted: Scripted) -> None:
    came = Desk(scripted.answer(batched(good(IDS[0], state="1"), good(IDS[1])))).write(*IDS[:2])
    assert isinstance(came[0], Dropped)
    assert came[0].row["state"] == "1"
    assert came[1]["state"] == "2"


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (said(400, "Exception while reading request", "The payload is not valid JSON"), Misconfigured),
        (said(401, "User Not Authenticated"), Misconfigured),
        (said(403, "User Not Authorized", "Failed API level ACL Validation"), Misconfigured),
        (said(403, "Operation Failed"), Misconfigured),
        (said(404, "Requested URI does not represent any resource"), Misconfigured),
        (Response.html(413, "<h1>Request Entity Too Large</h1>"), Misconfigured),
        (said(429, "Rate limit exceeded", Retry_After="60"), Unavailable),
        (said(503, "Service unavailable"), Unavailable),
        (Response.html(200, HIBERNATING), Unavailable),
        (Response(302, b"", {"Location": "https://developer.servicenow.com/"}), Unavailable),
        (said(500, "Transaction cancelled: maximum execution time exceeded"), Uncertain),
        (said(502, "Bad gateway"), Uncertain),
        (Response.html(503, "<h1>Maintenance</h1>"), Uncertain),
        (Response.html(200, "<h1>Sign in</h1>"), Uncertain),
        (Response(202), Uncertain),
        (Response(200), Uncertain),
        (Response.json(200, {"result": {"sys_id": IDS[0]}}), Uncertain),
        (Response.json(200, {"batch_request_id": "1", "serviced_requests": "none"}), Uncertain),
        (batched(good(IDS[0]), good(IDS[1]), unserviced_requests="none"), Uncertain),
        (batched(good(IDS[0]), good(IDS[1]), error={"message": "cut"}), Uncertain),
        (batched(good(IDS[0]), good(IDS[1]), batch_request_id="2"), Uncertain),
        (batched(good(IDS[0]), good(IDS[1]), good(IDS[2])), Uncertain),
        (batched(good(IDS[0]), good(IDS[1]), left=["3"]), Uncertain),
        (batched(good(IDS[0]), good(IDS[1]), serviced_requests=[7, None]), Uncertain),
        (Response(200, batched(good(IDS[0]), good(IDS[1])).body[:-9]), Uncertain),
        (Response(200, b'{"serviced_requests":[]}', {"Content-Length": "900"}), Uncertain),
        (None, Uncertain),
    ],
)
def test_what_befalls_the_batch_befalls_each_item(
    scripted: Scripted, answer: Response | None, means: type[ConnectorError]
) -> None:
    came = Desk(scripted.answer(answer)).write(*IDS[:2])
    assert kinds(came) == [means, means]
    assert len(scripted.asked) == 1
    assert came[0] is not came[1]


def test_the_pause_that_a_batch_is_told_to_make_is_told_to_each(scripted: Scripted) -> None:
    came = Desk(scripted.answer(said(429, "Rate limit exceeded", Retry_After="60"))).write(*IDS[:2])
    assert [each.retry_after for each in came] == [timedelta(minutes=1)] * 2


@pytest.mark.parametrize("status", [403, 404])
def test_a_refused_batch_is_no_ticket_s_fault_and_names_the_setting(scripted: Scripted, status: int) -> None:
    came = Desk(scripted.answer(said(status, "User Not Authorized"))).write(*IDS[:2])
    assert all("set batch = false in [servicenow]" in each.detail for each in came)


def test_wrong_credentials_are_no_fault_of_batches(scripted: Scripted) -> None:
    came = Desk(scripted.answer(said(401, "User Not Authenticated"))).write(*IDS[:2])
    assert all("check the credentials" in each.detail and "batch" not in each.detail for each in came)


@pytest.mark.parametrize(
    "answer",
    [
        batched(good(IDS[0]), left=["2"]),
        batched(good(IDS[0])),
        batched(good(IDS[0]), good(IDS[1]), left=["2"]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])), item(2, said(403, "no"))]),
        batched(serviced_requests=[item(1, good(IDS[0])), {"id": "2"}]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])) | {"status_code": "200"}]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])) | {"status_code": 0}]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])) | {"status_code": 600}]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])) | {"body": "{}"}]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])) | {"body": 7}]),
        batched(serviced_requests=[item(1, good(IDS[0])), item(2, good(IDS[1])) | {"body": ""}]),
        batched(good(IDS[0]), good(IDS[0])),
        batched(good(IDS[0]), Response.json(200, {"result": [{"sys_id": IDS[1]}, {"sys_id": IDS[0]}]})),
    ],
    ids=[
        "unserviced",
        "missing",
        "served and unserviced",
        "twice",
        "no status",
        "a text for a status",
        "no real status",
        "too large a status",
        "a body that is no base64",
        "a number for a body",
        "an empty body",
        "another record",
        "two records",
    ],
)
def test_where_an_item_s_outcome_isn_t_told_it_alone_is_uncertain(scripted: Scripted, answer: Response) -> None:
    """That what wasn't served wasn't begun is nowhere promised."""
    came = Desk(scripted.answer(answer)).write(*IDS[:2])
    assert came[0]["sys_id"] == IDS[0]
    assert isinstance(came[1], Uncertain)


@pytest.mark.parametrize("headers", [None, "x", [7], [{"name": 7}], [{"value": "7"}], [{"name": "Retry-After"}]])
def test_headers_that_can_t_be_read_are_none(scripted: Scripted, headers: Any) -> None:
    busy = item(1, said(429, "no")) | {"headers": headers}
    came = Desk(scripted.answer(batched(serviced_requests=[busy, item(2, good(IDS[1]))]))).write(*IDS[:2])
    assert isinstance(came[0], Unavailable)
    assert came[0].retry_after is None


def test_items_may_come_in_any_order(scripted: Scripted) -> None:
    served = [item(2, good(IDS[1])), item(1, good(IDS[0]))]
    came = Desk(scripted.answer(batched(serviced_requests=served))).write(*IDS[:2])
    assert [row["sys_id"] for row in came] == IDS[:2]


def test_what_is_too_large_for_a_batch_goes_by_itself(scripted: Scripted) -> None:
    desk = Desk(scripted.answer(good(IDS[0]), good(IDS[1])))
    desk.write(IDS[0], IDS[1], fields={**SENT, "work_notes": "n" * (LARGEST // 2)})
    assert {request.method for request in scripted.asked} == {"PATCH"}
    assert len(scripted.asked) == 2


@pytest.mark.parametrize("record", ["../sys_user/x", "a/b", "", "x?y=1", "x&y"])
def test_nothing_but_a_checked_id_gets_into_a_path(scripted: Scripted, record: str) -> None:
    desk = Desk(scripted.answer(good(IDS[0])))
    with pytest.raises(UnfitForQuery):
        patch(desk.instance, "sc_task", record, SENT, ())
    with pytest.raises(UnfitForQuery):
        patch(desk.instance, "sc_task/x", IDS[0], SENT, ())
    assert scripted.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        batched(said(403, f"the rule says {PASSPHRASE}"), said(400, PASSPHRASE)),
        said(400, f"bad: {base64.b64encode(json.dumps(SENT).encode()).decode()}"),
        batched(left=["1", "2"]),
        batched(good(IDS[1], u_passphrase=""), good(IDS[1], u_passphrase="")),
    ],
    ids=["lost", "echoed", "echoed as sent", "unserviced", "dropped"],
)
def test_no_failure_shows_a_passphrase(scripted: Scripted, answer: Response | None) -> None:
    came = Desk(scripted.answer(answer)).write(*IDS[:2])
    assert all(isinstance(each, ConnectorError) for each in came)
    shown = "".join(map(everything_shown, came))
    assert PASSPHRASE not in shown
    assert base64.b64encode(json.dumps(SENT).encode()).decode() not in shown


def test_a_write_doesn_t_show_what_it_says() -> None:
    write = write_of("sc_task", IDS[0], SENT, ())
    assert PASSPHRASE not in f"{write!r}{write.alone!r}"


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (batched(Response.json(200, {"result": []})), None),
        (batched(said(403, "Insufficient rights to query records")), Misconfigured),
        (batched(left=["1"]), Uncertain),
        (said(404, "Requested URI does not represent any resource"), Misconfigured),
        (Response.html(200, "<h1>Sign in</h1>"), Uncertain),
    ],
)
def test_whether_batches_may_be_sent_can_be_asked_without_writing(
    scripted: Scripted, answer: Response, means: type[ConnectorError] | None
) -> None:
    desk = Desk(scripted.answer(answer))
    desk.door.open()
    assert desk.instance.batch is not None
    with pytest.raises(means) if means else contextlib.nullcontext():
        desk.instance.batch.ask()
    (request,) = scripted.asked
    (question,) = json.loads(request.body)["rest_requests"]
    assert (question["method"], question["body"]) == ("GET", "")
    assert desk.door.passed == 1
