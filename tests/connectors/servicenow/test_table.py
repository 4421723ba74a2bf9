"""Pages that miss nothing and hold no strangers; writes that are compared with what was sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import free
from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow import AbortRule, DataPolicy
from connectors.secret import Secret
from connectors.servicenow.auth import Basic
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query, UnfitForQuery
from connectors.servicenow.table import Dropped, Row, Rows, patch, rows
from tests.connectors.scripted import Scripted
from tests.connectors.servicenow.stand import NoPauses, Stand

ID = "85940927468ff53d864a7a50b48d73f1"
FIELDS = ("sys_id", "number", "active")
OPEN = Query().equals("active", "true")


def is_open(row: Row) -> bool:
    return row.get("active") == "true"


def open_tasks(instance: Instance, fits: Callable[[Row], bool] = is_open, **differs: Any) -> Rows:
    return rows(instance, "sc_task", OPEN, FIELDS, fits=fits, **differs)


def scripted_instance(scripted: Scripted, page_size: int = 200) -> Instance:
    credentials = Basic("duo.worker", Secret("a password"))
    return Instance(
        scripted.url, credentials, gate=free, stop=NoPauses(), ca_file=scripted.ca_file, page_size=page_size
    )


def result(*ids: str, total: int | None = None) -> Response:
    headers = {} if total is None else {"X-Total-Count": str(total)}
    return Response.json(200, {"result": [{"sys_id": each, "active": "true"} for each in ids]}, headers)


def ids(found: Rows) -> list[str]:
    return [row["sys_id"] for row in found.fit]


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (199, 1), (200, 1), (201, 2), (450, 3)])
def test_all_rows_come_in_as_few_pages_as_they_need(stand: Stand, count: int, calls: int) -> None:
    tasks = sorted(stand.file().task.sys_id for _ in range(count))
    assert ids(open_tasks(stand.instance())) == tasks
    assert len(stand.calls()) == calls


def test_rows_of_one_second_come_once_each_over_many_pages(stand: Stand) -> None:
    tasks = sorted(stand.file().task.sys_id for _ in range(67))
    assert ids(open_tasks(stand.instance(page_size=5))) == tasks


def test_rows_that_the_account_may_not_see_end_nothing(stand: Stand) -> None:
    """The limit is applied before ACLs: whole pages can be empty (ServiceNow facts §3.2)."""
    tasks = sorted(stand.file().task.sys_id for _ in range(40))
    stand.servicenow.switch(hidden_rows=frozenset(tasks[5:25]))
    assert ids(open_tasks(stand.instance(page_size=5))) == tasks[:5] + tasks[25:]


@given(hidden=st.lists(st.booleans(), min_size=20, max_size=20), page_size=st.integers(2, 7))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_hidden_everything_else_comes(twenty: Stand, hidden: list[bool], page_size: int) -> None:
    tasks = [f"{n:032x}" for n in range(20)]
    shown = [task for task, is_hidden in zip(tasks, hidden, strict=True) if not is_hidden]
    twenty.servicenow.switch(hidden_rows=frozenset(tasks) - frozenset(shown))
    instance = twenty.instance(page_size=page_size)
    if all(hidden[:page_size]):
        with pytest.raises(Misconfigured):
            open_tasks(instance)
    else:
        assert ids(open_tasks(instance)) == shown


@pytest.fixture
def twenty(stand: Stand) -> Stand:
    for number in range(20):
        stand.servicenow.insert("sc_task", {"sys_id": f"{number:032x}", "active": "true"})
    return stand


def test_rows_and_none_of_them_shown_is_a_missing_permission_and_no_empty_table(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(hidden_tables=frozenset({"sc_task"}))
    with pytest.raises(Misconfigured, match="may not read sc_task: of 1 rows"):
        open_tasks(stand.instance())


def test_rows_that_were_not_asked_for_are_counted_and_not_returned(stand: Stand) -> None:
    wanted, other = stand.file().task, stand.file().task
    found = open_tasks(stand.instance(), fits=lambda row: row["number"] == wanted.number)
    assert (ids(found), found.foreign) == ([wanted.sys_id], 1)
    assert other.sys_id not in ids(found)


def test_a_query_that_is_ignored_does_not_read_the_whole_table(stand: Stand) -> None:
    for _ in range(50):
        stand.file()
    found = open_tasks(stand.instance(page_size=5), fits=lambda _: False)
    assert (found.fit, found.foreign) == ([], 10)
    assert len(stand.calls()) == 2


def test_rows_that_come_twice_between_pages_are_returned_once(scripted: Scripted) -> None:
    scripted.answer(result("a1", "a2", total=4), result("a2", "a3", total=3), result("a4", total=1))
    assert ids(open_tasks(scripted_instance(scripted, 2))) == ["a1", "a2", "a3", "a4"]


def test_the_same_page_again_is_a_failure_and_no_endless_loop(scripted: Scripted) -> None:
    scripted.answer(result("a1", "a2", total=9))
    with pytest.raises(Unavailable, match="same page"):
        open_tasks(scripted_instance(scripted, 2))


def test_without_a_count_pages_are_read_until_one_is_empty(scripted: Scripted) -> None:
    scripted.answer(result("a1", "a2"), result("a3"), result())
    assert ids(open_tasks(scripted_instance(scripted, 2))) == ["a1", "a2", "a3"]
    assert len(scripted.asked) == 3


def test_a_page_shorter_than_its_count_is_not_the_end(scripted: Scripted) -> None:
    scripted.answer(result("a1", total=3), result("a2", "a3", total=2))
    assert ids(open_tasks(scripted_instance(scripted))) == ["a1", "a2", "a3"]


@pytest.mark.parametrize("row", [{}, {"sys_id": ""}, {"sys_id": "x^ORy=1"}, {"sys_id": "../etc"}, {"sys_id": None}])
def test_a_row_without_a_usable_sys_id_is_a_failure(scripted: Scripted, row: dict[str, Any]) -> None:
    scripted.answer(Response.json(200, {"result": [row]}, {"X-Total-Count": "1"}))
    with pytest.raises(Unavailable):
        open_tasks(scripted_instance(scripted))


def test_values_are_texts_however_they_come(scripted: Scripted) -> None:
    row = {
        "sys_id": ID,
        "reference": {"link": "https://x", "value": "abc"},
        "shown": {"display_value": None, "value": ""},
        "nothing": None,
        "number": 3,
    }
    scripted.answer(Response.json(200, {"result": [row]}, {"X-Total-Count": "1"}))
    (found,) = open_tasks(scripted_instance(scripted), fits=lambda _: True).fit
    assert found == {"sys_id": ID, "reference": "abc", "shown": "", "nothing": "", "number": "3"}


def test_a_truncated_answer_is_read_again_and_never_taken_for_whole(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(mishap="truncated")
    with pytest.raises(Unavailable):
        open_tasks(stand.instance())
    assert len(stand.calls()) == 3


def test_a_write_appends_its_note_once_and_answers_the_record(stand: Stand) -> None:
    task = stand.file().task
    row = patch(stand.instance(), "sc_task", task.sys_id, {"state": "2", "work_notes": "a note"}, ["sys_mod_count"])
    assert (row["state"], row["sys_mod_count"], row["work_notes"]) == ("2", "1", "")
    assert [(entry.kind, entry.text) for entry in stand.servicenow.journal(task.sys_id)] == [("work_notes", "a note")]
    assert [call.method for call in stand.calls()] == ["PATCH"]


def test_somebody_else_s_change_shows_in_the_answer(stand: Stand) -> None:
    task = stand.file().task
    stand.servicenow.assign(task.sys_id, "admin")
    row = patch(stand.instance(), "sc_task", task.sys_id, {"state": "-5"}, ["assigned_to.user_name"])
    assert row["assigned_to.user_name"] == "admin"


def test_a_write_that_changes_nothing_in_silence_is_found_out(stand: Stand) -> None:
    task = stand.file().task
    stand.servicenow.switch(refused_moves=frozenset({("sc_task", "1", "3")}))
    with pytest.raises(Dropped, match="not taken over: state") as failure:
        patch(stand.instance(), "sc_task", task.sys_id, {"state": "3", "work_notes": "a note"}, ())
    assert failure.value.code == "dropped"
    assert failure.value.row["state"] == "1"


@pytest.mark.parametrize(("field", "value"), [("u_no_such_field", "x"), ("active", "false"), ("u_passphrase", "pass")])
def test_a_field_that_is_not_taken_over_is_named_and_its_value_is_not(stand: Stand, field: str, value: str) -> None:
    task = stand.file().task
    stand.servicenow.switch(unwritable_fields=frozenset({"sc_task.u_passphrase"}))
    with pytest.raises(Dropped) as failure:
        patch(stand.instance(), "sc_task", task.sys_id, {field: value}, ())
    assert failure.value.detail == f"not taken over: {field}"


def test_a_rule_s_refusal_comes_with_servicenow_s_words(stand: Stand) -> None:
    task = stand.file().task
    stand.servicenow.switch(abort_rules=(AbortRule("sc_task", "state=3", name="No closing by robots"),))
    with pytest.raises(Refused, match="No closing by robots"):
        patch(stand.instance(), "sc_task", task.sys_id, {"state": "3"}, ())


def test_a_data_policy_s_refusal_comes_with_the_missing_labels(stand: Stand) -> None:
    task = stand.file().task
    stand.servicenow.switch(data_policies=(DataPolicy("sc_task", "state=3", ("close_notes",)),))
    with pytest.raises(Refused, match="mandatory: Close notes"):
        patch(stand.instance(), "sc_task", task.sys_id, {"state": "3"}, ())


def test_a_record_that_is_not_there_is_refused(stand: Stand) -> None:
    with pytest.raises(Refused):
        patch(stand.instance(), "sc_task", "f" * 32, {"state": "2"}, ())


@pytest.mark.parametrize("record", ["", "..", "a/b", "a?x=1", "a" * 33, "é", "a b"])
def test_what_is_no_id_never_gets_into_a_path(stand: Stand, record: str) -> None:
    with pytest.raises(UnfitForQuery):
        patch(stand.instance(), "sc_task", record, {"state": "2"}, ())
    assert stand.calls() == ()


def test_a_write_that_was_done_although_the_answer_is_an_error_is_uncertain(stand: Stand) -> None:
    task = stand.file().task
    stand.servicenow.switch(mishap="committed")
    with pytest.raises(Uncertain):
        patch(stand.instance(timeout=timedelta(seconds=5)), "sc_task", task.sys_id, {"work_notes": "a note"}, ())
    assert len(stand.servicenow.journal(task.sys_id)) == 1


def test_an_answer_about_another_record_is_uncertain(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, {"result": {"sys_id": "f" * 32, "state": "2"}}))
    with pytest.raises(Uncertain, match="isn't the record"):
        patch(scripted_instance(scripted), "sc_task", ID, {"state": "2"}, ())


def test_every_page_asks_for_plain_values_and_only_the_fields_it_needs(scripted: Scripted) -> None:
    open_tasks(scripted_instance(scripted.answer(result(total=0))))
    (request,) = scripted.asked
    assert request.parameter("sysparm_fields") == "sys_id,number,active"
    assert request.parameter("sysparm_query") == "active=true^ORDERBYsys_id"
    assert request.parameter("sysparm_limit") == "200"
    assert request.parameter("sysparm_exclude_reference_link").lower() == "true"
    assert request.parameter("sysparm_display_value").lower() == "false"
    assert _bare(request)


def _bare(request: Request) -> bool:
    return request.body == b"" and "cookie" not in request.headers
