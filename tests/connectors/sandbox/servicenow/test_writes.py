"""What a write takes, drops and changes beside it (ServiceNow facts §1.3, §3.1, §3.5–3.7)."""

from datetime import timedelta

import pytest

from connectors.sandbox.servicenow import Filed, ServiceNow
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.servicenow.asking import JSON, Asker, admin


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_both_verbs_set_what_they_name_and_answer_the_whole_record(api: Asker, filed: Filed, method: str) -> None:
    answer = api.send(method, f"/api/now/table/sc_task/{filed.task.sys_id}", {"state": "2"}).result
    assert (answer["state"], answer["number"], answer["u_passphrase"]) == ("2", filed.task.number, "")


def test_the_answer_can_be_limited_to_fields_of_the_item_too(api: Asker, filed: Filed) -> None:
    fields = "state,sys_mod_count,request_item.sys_mod_count"
    answer = api.patch("sc_task", filed.task.sys_id, {"state": "2"}, fields=fields).result
    assert answer == {"state": "2", "sys_mod_count": "1", "request_item.sys_mod_count": "0"}


def test_a_post_can_stand_for_another_verb(api: Asker, filed: Filed) -> None:
    headers = {**JSON, "x-http-method-override": "PATCH"}
    answer = api.send("POST", f"/api/now/table/sc_task/{filed.task.sys_id}", {"state": "2"}, headers)
    assert answer.result["state"] == "2"


def test_every_write_is_counted_and_stamped(servicenow: ServiceNow, api: Asker, filed: Filed, clock: Clock) -> None:
    """§3.4."""
    clock.advance(timedelta(minutes=5))
    bodies = ({"state": "2"}, {"work_notes": "seen"}, {"close_notes": "x"})
    answers = [api.patch("sc_task", filed.task.sys_id, body).result for body in bodies]
    assert [answer["sys_mod_count"] for answer in answers] == ["1", "2", "3"]
    assert (answers[0]["sys_updated_on"], answers[0]["sys_updated_by"]) == ("2026-11-24 15:05:00", "duo.worker")
    servicenow.comment(filed.task.number, "alee", "Hello?")
    row = servicenow.row(filed.task.number)
    assert (row["sys_mod_count"], row["sys_updated_by"]) == ("4", "alee")


def test_a_write_that_changes_nothing_is_none(api: Asker, filed: Filed) -> None:
    answer = api.patch("sc_task", filed.task.sys_id, {"state": "1", "work_notes": ""}).result
    assert answer["sys_mod_count"] == "0"


@pytest.mark.parametrize(
    "body",
    [
        {"no_such_field": "x"},
        {"state": "99"},
        {"state": "Closed Complete"},
        {"state": ""},
        {"state": None},
        {"active": "false"},
        {"sys_mod_count": "77"},
        {"sys_id": "other"},
        {"sys_updated_on": "2020-01-01 00:00:00"},
        {"assigned_to": "duo.worker"},
        {"due_date": "soon"},
        {"priority": "urgent"},
        {"comments_and_work_notes": "x"},
        {"variables.device_type": "x"},
    ],
    ids=str,
)
def test_what_a_record_can_t_take_is_dropped_in_silence(
    servicenow: ServiceNow, api: Asker, filed: Filed, body: dict[str, str | None]
) -> None:
    """§3.6: 200, and the record as it was."""
    before = servicenow.row(filed.task.number)
    assert api.patch("sc_task", filed.task.sys_id, body).status == 200
    assert servicenow.row(filed.task.number) == before


def test_a_dropped_field_doesn_t_stop_the_others(api: Asker, filed: Filed) -> None:
    answer = api.patch("sc_task", filed.task.sys_id, {"state": "99", "close_notes": "kept"}).result
    assert (answer["state"], answer["close_notes"]) == ("1", "kept")


def test_a_choice_that_doesn_t_exist_is_kept_where_the_instance_allows_it(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.switch(allow_non_existing_choice=True)
    assert api.patch("sc_task", filed.task.sys_id, {"state": "99"}).result["state"] == "99"


def test_a_field_without_permission_is_not_written(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.switch(unwritable_fields=frozenset({"sc_task.assigned_to"}))
    me = api.rows("sys_user", "user_name=duo.worker")[0]["sys_id"]
    answer = api.patch("sc_task", filed.task.sys_id, {"assigned_to": me, "state": "2"}).result
    assert (answer["assigned_to"], answer["state"]) == ("", "2")


def test_a_state_model_can_refuse_a_move_with_200(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§3.6: nothing of the write is done, its note neither."""
    servicenow.switch(refused_moves=frozenset({("sc_task", "1", "3")}))
    answer = api.patch("sc_task", filed.task.sys_id, {"state": "3", "close_notes": "x", "work_notes": "x"})
    assert (answer.status, answer.result["state"], answer.result["close_notes"]) == (200, "1", "")
    assert servicenow.journal(filed.task.number) == []
    assert api.patch("sc_task", filed.task.sys_id, {"state": "2"}).result["state"] == "2"
    assert api.patch("sc_task", filed.task.sys_id, {"state": "3"}).result["state"] == "3"


def test_an_empty_text_clears_and_null_does_only_where_the_switch_says_so(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    """§3.7."""
    servicenow.set_fields(filed.task.number, "tdesk", u_passphrase="alpha")
    assert api.patch("sc_task", filed.task.sys_id, {"u_passphrase": None}).result["u_passphrase"] == "alpha"
    assert api.patch("sc_task", filed.task.sys_id, {"u_passphrase": ""}).result["u_passphrase"] == ""
    assert api.patch("sc_task", filed.task.sys_id, {"assignment_group": ""}).result["assignment_group"] == ""
    servicenow.set_fields(filed.task.number, "tdesk", u_passphrase="beta")
    servicenow.switch(null_clears=True)
    assert api.patch("sc_task", filed.task.sys_id, {"u_passphrase": None}).result["u_passphrase"] == ""


def test_a_date_alone_is_its_first_second(api: Asker, filed: Filed) -> None:
    """§8.3."""
    answer = api.patch("sc_task", filed.task.sys_id, {"due_date": "2024-12-31"}).result
    assert answer["due_date"] == "2024-12-31 00:00:00"


def test_display_values_can_be_written_in_the_caller_s_zone(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§3.2."""
    servicenow.set_user("duo.worker", time_zone="America/Phoenix")
    body = {"state": "Pending", "assigned_to": "Tess Desk", "due_date": "2026-11-24 08:00:00", "parent": "nobody"}
    answer = api.patch("sc_task", filed.task.sys_id, body, input_display_value="true").result
    desk = api.rows("sys_user", "user_name=tdesk")[0]["sys_id"]
    assert (answer["state"], answer["assigned_to"]["value"]) == ("-5", desk)
    assert answer["due_date"] == "2026-11-24 15:00:00"
    assert answer["parent"]["value"] == filed.item.sys_id


def test_booleans_numbers_and_objects_are_taken_as_texts(api: Asker, filed: Filed) -> None:
    desk = api.rows("sys_user", "user_name=tdesk")[0]["sys_id"]
    body = {"state": 2, "made_sla": False, "assigned_to": {"value": desk, "link": "x"}}
    answer = api.patch("sc_task", filed.task.sys_id, body).result
    assert (answer["state"], answer["made_sla"], answer["assigned_to"]["value"]) == ("2", "false", desk)


def test_only_the_first_of_several_records_is_used(servicenow: ServiceNow, filed: Filed) -> None:
    """§3.1."""
    path, caller = f"/api/now/table/sc_task/{filed.task.sys_id}", admin(servicenow)
    assert caller.send("PATCH", path, [{"state": "2"}, {"state": "-5"}]).result["state"] == "2"
    assert caller.send("PATCH", path, {"records": [{"state": "-5"}, {"state": "2"}]}).result["state"] == "-5"
    assert caller.send("PATCH", path, []).result["state"] == "-5"


def test_a_new_record_gets_a_number_an_opener_and_an_address(servicenow: ServiceNow) -> None:
    """§3.5, §8.3."""
    answer = admin(servicenow).send("POST", "/api/now/table/sc_task", {"short_description": "New", "work_notes": "n"})
    assert answer.status == 201
    assert [entry.text for entry in servicenow.journal("SCTASK0010001")] == ["n"]
    assert answer.result["number"] == "SCTASK0010001"
    assert (answer.result["sys_created_by"], answer.result["sys_class_name"]) == ("admin", "sc_task")
    assert answer.result["opened_by"]["value"] == "6816f79cc0a8016401c5a33be04be441"
    where = f"https://sandbox.service-now.com/api/now/table/sc_task/{answer.result['sys_id']}"
    assert answer.headers["Location"] == where


def test_a_new_record_may_choose_its_sys_id(servicenow: ServiceNow) -> None:
    """§8.3: real ones aren't always 32 hexadecimal digits."""
    made = admin(servicenow).send("POST", "/api/now/table/sc_task", {"sys_id": "Own-Id.1"}).result
    assert made["sys_id"] == "Own-Id.1"
    assert admin(servicenow).one("sc_task", "Own-Id.1")["number"] == made["number"]
    assert admin(servicenow).send("POST", "/api/now/table/sc_task", {"sys_id": "Own-Id.1"}).status == 403


def test_a_deleted_record_is_gone(servicenow: ServiceNow, filed: Filed) -> None:
    caller = admin(servicenow)
    assert caller.send("DELETE", f"/api/now/table/sc_task/{filed.task.sys_id}").body == b""
    assert caller.numbers("sc_task", f"number={filed.task.number}") == []
    assert caller.numbers("sc_task", f"sys_id={filed.task.sys_id}") == []
    assert caller.rows("sc_task", "sys_id>0") == []


def test_a_password_can_t_be_written(servicenow: ServiceNow) -> None:
    """§3.6."""
    caller = admin(servicenow)
    user = caller.rows("sys_user", "user_name=alee")[0]["sys_id"]
    assert caller.patch("sys_user", user, {"user_password": "x"}).result["user_password"] == "********"
    assert Asker(servicenow, "alee", "x").listed("sc_task").status == 401
