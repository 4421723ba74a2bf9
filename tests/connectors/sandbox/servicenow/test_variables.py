"""Answers of the form, read two ways (ServiceNow facts §1.1, §2)."""

from typing import Any

import pytest

from connectors.sandbox.servicenow import RESET_ITEM, Filed, ServiceNow
from tests.connectors.sandbox.servicenow.asking import Asker, account, filed_by_ann

MTOM = "request_item,sc_item_option.value,sc_item_option.item_option_new.name,sc_item_option.item_option_new.type"


def add_question(servicenow: ServiceNow, filed: Filed, value: str, **question: str) -> None:
    row = servicenow.insert("item_option_new", question)
    option = servicenow.insert("sc_item_option", {"item_option_new": row, "value": value})
    servicenow.insert("sc_item_option_mtom", {"request_item": filed.item.sys_id, "sc_item_option": option})


def variable(api: Asker, filed: Filed, name: str, **words: Any) -> Any:
    return api.one("sc_req_item", filed.item.sys_id, fields=f"variables.{name}", **words)


def test_the_join_gives_every_answer_of_many_items_by_dot_walking_twice(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    other = filed_by_ann(servicenow, answers={"device_type": "Security key"})
    query = f"request_itemIN{filed.item.sys_id},{other.item.sys_id}"
    rows = api.rows("sc_item_option_mtom", query, fields=MTOM, exclude_reference_link="true")
    assert len(rows) == 8
    assert {
        "request_item": filed.item.sys_id,
        "sc_item_option.value": "Duo Mobile",
        "sc_item_option.item_option_new.name": "device_type",
        "sc_item_option.item_option_new.type": "5",
    } in rows
    assert {row["sc_item_option.value"] for row in rows if row["request_item"] == other.item.sys_id} == {
        "Security key", ""
    }  # fmt: skip


def test_answers_are_dot_walked_from_item_and_task(api: Asker, filed: Filed) -> None:
    assert variable(api, filed, "phone_os") == {"variables.phone_os": "Android"}
    row = api.one("sc_task", filed.task.sys_id, fields="request_item.variables.phone_os,variables.phone_os")
    assert row == {"request_item.variables.phone_os": "Android", "variables.phone_os": "Android"}


def test_a_name_that_the_form_doesn_t_have_is_silently_absent(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    assert variable(api, filed, "no_such") == {}
    reset = servicenow.file_request("alee", {"reason": "forgot it"}, item=RESET_ITEM)
    fields = "number,variables.device_type,variables.reason"
    rows = api.rows("sc_req_item", "ORDERBYnumber", fields=fields)
    assert rows == [
        {"number": filed.item.number, "variables.device_type": "Duo Mobile"},
        {"number": reset.item.number, "variables.reason": "forgot it"},
    ]


def test_an_unanswered_question_is_empty_but_there(api: Asker, filed: Filed) -> None:
    assert variable(api, filed, "preferred_method") == {"variables.preferred_method": ""}


def test_the_value_is_kept_and_the_label_is_shown(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§2.4: the option's own value is never resolved."""
    (question,) = api.rows("item_option_new", "name=device_type", fields="sys_id")
    (choice,) = api.rows("question_choice", f"question={question['sys_id']}^value=Duo Mobile")
    servicenow.insert("question_choice", {**choice, "question": question["sys_id"], "value": "dm", "sys_id": ""})
    servicenow.edit_answer(filed.item.number, "device_type", "dm")
    cell = variable(api, filed, "device_type", display_value="all")["variables.device_type"]
    assert cell == {"display_value": "Duo Mobile", "value": "dm"}
    rows = api.rows("sc_item_option", "value=dm", fields="value", display_value="true")
    assert rows == [{"value": "dm"}]


def test_a_reference_answer_is_an_id_with_a_name(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    ann = api.rows("sys_user", "user_name=alee")[0]["sys_id"]
    add_question(servicenow, filed, ann, name="owner", type="8", reference="sys_user")
    cell = variable(api, filed, "owner", display_value="all")["variables.owner"]
    assert (cell["value"], cell["display_value"], "link" in cell) == (ann, "Ann Lee", True)


def test_a_time_in_an_answer_is_utc_and_shown_in_the_user_s_zone(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.set_user("duo.worker", time_zone="America/Phoenix")
    add_question(servicenow, filed, "2026-11-24 15:00:00", name="when", type="10")
    cell = variable(api, filed, "when", display_value="all")["variables.when"]
    assert cell == {"display_value": "2026-11-24 08:00:00", "value": "2026-11-24 15:00:00"}


def test_of_two_variables_with_one_name_the_later_wins(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§2.3."""
    add_question(servicenow, filed, "iPhone", name="phone_os", type="5")
    assert variable(api, filed, "phone_os") == {"variables.phone_os": "iPhone"}


def test_a_link_to_a_missing_answer_is_none(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.insert("sc_item_option_mtom", {"request_item": filed.item.sys_id, "sc_item_option": "gone"})
    option = servicenow.insert("sc_item_option", {"item_option_new": "gone", "value": "x"})
    servicenow.insert("sc_item_option_mtom", {"request_item": filed.item.sys_id, "sc_item_option": option})
    assert variable(api, filed, "phone_os") == {"variables.phone_os": "Android"}


def test_a_masked_answer_comes_blank(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§2.3."""
    add_question(servicenow, filed, "hunter2", name="secret", type="25")
    assert variable(api, filed, "secret") == {"variables.secret": ""}


def test_an_answer_that_may_not_be_read_is_absent(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§2.3."""
    servicenow.switch(hidden_variables=frozenset({"phone_os"}))
    assert variable(api, filed, "phone_os") == {}
    servicenow.switch(hidden_variables=frozenset(), hidden_tables=frozenset({"sc_item_option"}))
    assert variable(api, filed, "phone_os") == {}


def test_permissions_on_a_walked_table_leave_keys_without_names(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    """§2.3."""
    servicenow.switch(hidden_tables=frozenset({"item_option_new"}))
    rows = api.rows("sc_item_option_mtom", f"request_item={filed.item.sys_id}", fields=MTOM)
    assert {row["sc_item_option.item_option_new.name"] for row in rows} == {""}
    assert "Duo Mobile" in {row["sc_item_option.value"] for row in rows}
    servicenow.switch(hidden_tables=frozenset(), hidden_fields=frozenset({"item_option_new.name"}))
    rows = api.rows("sc_item_option_mtom", f"request_item={filed.item.sys_id}", fields=MTOM)
    assert {row["sc_item_option.item_option_new.name"] for row in rows} == {""}


def test_an_account_without_the_roles_gets_no_answers(servicenow: ServiceNow, filed: Filed) -> None:
    answer = account(servicenow).listed("sc_item_option_mtom", f"request_item={filed.item.sys_id}")
    assert (answer.result, answer.headers["X-Total-Count"]) == ([], "4")


def test_an_edited_answer_is_the_new_one_and_touches_the_item(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    servicenow.edit_answer(filed.item.number, "mobile_number", "+14805550999", by="alee")
    assert variable(api, filed, "mobile_number") == {"variables.mobile_number": "+14805550999"}
    assert servicenow.row(filed.item.number)["sys_updated_by"] == "alee"
    servicenow.switch(answers_touch_item=False)
    servicenow.edit_answer(filed.item.number, "mobile_number", "+14805550998", by="alee")
    assert servicenow.row(filed.item.number)["sys_mod_count"] == "1"


def test_a_form_refuses_answers_it_has_no_question_for(servicenow: ServiceNow, filed: Filed) -> None:
    with pytest.raises(KeyError, match="colour"):
        servicenow.file_request("alee", {"colour": "red"})
    with pytest.raises(KeyError, match="colour"):
        servicenow.edit_answer(filed.item.number, "colour", "red")
