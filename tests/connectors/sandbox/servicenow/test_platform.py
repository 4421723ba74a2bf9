"""Rate limits, cookies, and answers that no API gives on purpose (ServiceNow facts §3.6, §5, §8.2)."""

import json
import threading
from datetime import timedelta
from typing import get_args

import pytest

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow import Filed, RateLimit, ServiceNow
from connectors.sandbox.servicenow.access.sessions import Sessions
from connectors.sandbox.servicenow.switches import Mishap
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.servicenow.asking import JSON, Asker, account


def test_without_a_rule_there_are_no_rate_limit_headers(api: Asker) -> None:
    assert not any(name.startswith("X-RateLimit") for name in api.listed("sc_task").headers)


def test_over_the_limit_is_429_with_the_seconds_to_the_next_hour(
    servicenow: ServiceNow, api: Asker, clock: Clock
) -> None:
    servicenow.switch(rate_limits=(RateLimit(2, rule="cd" * 16),))
    clock.advance(timedelta(minutes=20))
    first = api.listed("sc_task")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Rule"]) == ("2", "cd" * 16)
    assert first.headers["X-RateLimit-Reset"] == "1795536000"
    assert "X-RateLimit-Remaining" not in first.headers
    assert api.listed("sc_task").status == 200
    denied = api.listed("sc_task")
    detail = "Rate limit of 2 requests per hour for Table API exceeded"
    assert denied.error == (429, "Rate limit exceeded", detail)
    assert denied.headers["Retry-After"] == "2400"
    clock.advance(timedelta(minutes=40))
    assert api.listed("sc_task").status == 200


def test_a_denied_write_was_not_done(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.switch(rate_limits=(RateLimit(0),))
    assert api.patch("sc_task", filed.task.sys_id, {"state": "2"}).status == 429
    assert servicenow.row(filed.task.number)["state"] == "1"


def test_a_rule_can_be_for_methods_and_for_a_user_whose_own_wins(servicenow: ServiceNow, api: Asker) -> None:
    everybody = RateLimit(0)
    own = RateLimit(5, user_name="duo.worker")
    servicenow.switch(rate_limits=(everybody, own))
    assert api.listed("sc_task").headers["X-RateLimit-Limit"] == "5"
    assert account(servicenow, "itil").listed("sc_task").status == 429
    servicenow.switch(rate_limits=(RateLimit(0, methods=frozenset({"PATCH"})), RateLimit(0, api="Batch API")))
    assert api.listed("sc_task").status == 200


def test_nodes_count_late_so_a_limit_bites_late(servicenow: ServiceNow, api: Asker, clock: Clock) -> None:
    servicenow.switch(rate_limits=(RateLimit(2, counted_every=timedelta(seconds=30)),))
    assert [api.listed("sc_task").status for _ in range(6)] == [200] * 6
    clock.advance(timedelta(seconds=30))
    assert api.listed("sc_task").status == 429


def test_a_caller_without_a_cookie_costs_a_session_each_time(servicenow: ServiceNow, api: Asker) -> None:
    cookie = str(api.listed("sc_task").headers["Set-Cookie"])
    assert cookie.startswith("JSESSIONID=")
    assert api.listed("sc_task").headers["Set-Cookie"] != cookie
    again = api.send("GET", "/api/now/table/sc_task", headers={**JSON, "cookie": cookie.partition(";")[0]})
    assert "Set-Cookie" not in again.headers
    assert servicenow.sessions_opened == 2


def test_too_many_calls_in_one_session_get_202_and_don_t_run() -> None:
    """The first is under way, ten wait, the twelfth is one too many."""
    sessions, release = Sessions(), threading.Event()
    started, ran = threading.Semaphore(0), []

    def slow(request: Request) -> Response:
        started.release()
        release.wait(5)
        ran.append(request)
        return Response(200)

    request = Request("GET", "/", headers={"cookie": "glide_user_route=x; JSESSIONID=0A1B"})
    threads = [threading.Thread(target=sessions.serve, args=(request, slow), kwargs={"queue": 10}) for _ in range(11)]
    for thread in threads:
        thread.start()
        assert started.acquire(timeout=5)
    assert sessions.serve(request, slow, queue=10) == Response(202)
    release.set()
    for thread in threads:
        thread.join()
    assert len(ran) == 11
    assert sessions.serve(request, slow, queue=10).status == 200


@pytest.mark.parametrize(
    ("mishap", "status", "start", "done"),
    [
        ("hibernating", 200, b"<html><head><title>Instance Hibernating page", False),
        ("maintenance", 503, b"<html>", False),
        ("accepted", 202, b"", False),
        ("busy", 429, b'{"error": {"message": "Too Many Requests"', False),
        ("cancelled", 500, b'{"error": {"message": "Transaction cancelled: maximum execution time', False),
        ("committed", 500, b'{"error": {"message": "Transaction cancelled: maximum execution time', True),
        ("truncated", 200, b'{"result": {', True),
        ("cut", 200, b'{"result": {', True),
    ],
)
def test_a_mishap_spoils_the_answer_and_perhaps_the_write(
    servicenow: ServiceNow, api: Asker, filed: Filed, mishap: Mishap, status: int, start: bytes, done: bool
) -> None:
    servicenow.switch(mishap=mishap, mishap_methods=frozenset({"PATCH"}))
    answer = api.patch("sc_task", filed.task.sys_id, {"state": "2"})
    assert answer.status == status
    assert answer.body.startswith(start)
    assert (servicenow.row(filed.task.number)["state"] == "2") is done
    assert api.listed("sc_task").status == 200
    assert "Retry-After" not in answer.headers


def test_every_mishap_is_tried_above() -> None:
    marks = test_a_mishap_spoils_the_answer_and_perhaps_the_write.pytestmark  # type: ignore[attr-defined]  # pytest's
    assert {case[0] for case in marks[0].args[1]} == set(get_args(Mishap)) - {""}


def test_a_truncated_list_has_rows_and_an_error_and_the_full_count(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.file_request("alee", {})
    servicenow.switch(mishap="truncated")
    answer = api.listed("sc_task", "ORDERBYnumber")
    assert [row["number"] for row in answer.json["result"]] == [filed.task.number]
    assert answer.json["error"]["message"].startswith("Transaction cancelled")
    assert answer.headers["X-Total-Count"] == "2"


@pytest.mark.usefixtures("filed")
def test_a_cut_answer_is_no_json(servicenow: ServiceNow, api: Asker) -> None:
    servicenow.switch(mishap="cut")
    with pytest.raises(json.JSONDecodeError):
        _ = api.listed("sc_task").json


def test_a_hibernating_instance_gives_no_tokens(servicenow: ServiceNow) -> None:
    servicenow.switch(mishap="hibernating")
    assert servicenow.app(Request("POST", "/oauth_token.do")).body.startswith(b"<html>")
    servicenow.switch(mishap="cancelled")
    assert servicenow.app(Request("POST", "/oauth_token.do")).status == 401
