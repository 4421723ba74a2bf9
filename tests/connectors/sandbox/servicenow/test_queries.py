"""The encoded query: its grammar, and what becomes of what it doesn't understand (ServiceNow facts §3.3)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.servicenow import ENROLMENT_ITEM, RESET_ITEM, Filed, ServiceNow
from connectors.sandbox.servicenow.query import compile as compile_
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.servicenow.asking import Asker, admin

INSUFFICIENT = (
    403,
    "Insufficient rights to query records",
    "Field(s) present in the query do not have permission to be read",
)


@pytest.fixture
def three(servicenow: ServiceNow) -> tuple[str, str, str]:
    """Numbers of an open, a pending and a closed task, filed an hour apart; the third is of another item."""
    ids = (ENROLMENT_ITEM, ENROLMENT_ITEM, RESET_ITEM)
    filed = [
        servicenow.file_request("alee", {}, item=item, at=START - timedelta(hours=3 - hours))
        for hours, item in enumerate(ids)
    ]
    servicenow.set_fields(filed[1].task.number, "tdesk", state="-5", priority="2")
    servicenow.close(filed[2].task.number, "tdesk")
    servicenow.assign(filed[1].task.number, "tdesk")
    first, second, third = (each.task.number for each in filed)
    return first, second, third


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=1", "1"),
        ("state!=1", "23"),
        ("state>1", "3"),
        ("state>=1", "13"),
        ("state<1", "2"),
        ("state<=1", "12"),
        ("stateIN1,3", "13"),
        ("stateNOT IN1,3", "2"),
        ("stateBETWEEN0@2", "1"),
        ("active=true", "12"),
        ("active=false", "3"),
        ("closed_atISEMPTY", "12"),
        ("closed_atISNOTEMPTY", "3"),
        ("closed_at=", "12"),
        ("numberSTARTSWITHSCTASK", "123"),
        ("numberENDSWITH0010002", "2"),
        ("numberLIKE001000", "123"),
        ("numberNOT LIKE0010002", "13"),
        ("numberCONTAINS0010003", "3"),
        ("request_itemSAMEASparent", "123"),
        ("opened_bySAMEASassigned_to", ""),
        ("opened_at>=2026-11-24 13:00:00", "23"),
        ("opened_at<2026-11-24", ""),
        ("opened_atBETWEEN2026-11-24 12:30:00@2026-11-24 13:30:00", "2"),
        ("assigned_to.user_name=tdesk", "2"),
        ("assigned_to.user_nameISEMPTY", "13"),
        (f"request_item.cat_item={RESET_ITEM}", "3"),
        (f"request_item.cat_itemIN{RESET_ITEM},{ENROLMENT_ITEM}", "123"),
        ("request_item.request.requested_for.user_name=alee", "123"),
    ],
)
def test_an_operator_finds_its_rows(api: Asker, three: tuple[str, ...], query: str, expected: str) -> None:
    assert api.numbers("sc_task", f"{query}^ORDERBYnumber") == [three[int(digit) - 1] for digit in expected]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=1^active=true", "1"),
        ("state=1^ORstate=3", "13"),
        ("active=true^state=-5^ORstate=1", "12"),  # ^OR binds to its neighbour, not to the whole
        ("state=-5^ORstate=3^active=false", "3"),
        ("state=1^NQactive=false", "13"),
        ("state=1^active=false^NQstate=3", "3"),
        ("(state=1^ORstate=3)^active=false", "3"),
        ("active=false^(state=1^ORstate=3)", "3"),
        ("(state=1^active=true)^OR(state=3)", "13"),
        ("(stateIN1,3)^ORstate=-5", "123"),
        ("state=1^EQ", "1"),
    ],
)
def test_terms_are_joined_as_written(api: Asker, three: tuple[str, ...], query: str, expected: str) -> None:
    assert api.numbers("sc_task", f"{query}^ORDERBYnumber") == [three[int(digit) - 1] for digit in expected]


def test_rows_come_in_the_order_asked_for(api: Asker, three: tuple[str, ...]) -> None:
    assert api.numbers("sc_task", "ORDERBYDESCnumber") == list(reversed(three))
    assert api.numbers("sc_task", "ORDERBYstate") == [three[1], three[0], three[2]]
    assert api.numbers("sc_task", "ORDERBYDESCactive^ORDERBYDESCnumber") == [three[1], three[0], three[2]]
    assert api.numbers("sc_task", "ORDERBYno_such_field^ORDERBYnumber") == list(three)
    assert api.numbers("sc_task", "ORDERBYassigned_to.user_name^ORDERBYnumber") == [three[0], three[2], three[1]]


@pytest.mark.parametrize(
    "query", ["no_such_field=x", "^^^", "STATE=3", "state equals 3", "assigned_to.no_such=x", "number.x=1", "a", "NQ"]
)
def test_what_isn_t_understood_is_dropped_and_the_whole_table_comes(
    api: Asker, three: tuple[str, ...], query: str
) -> None:
    assert set(api.numbers("sc_task", query)) == set(three)


def test_the_rest_of_a_query_with_an_unknown_field_runs(api: Asker, three: tuple[str, ...]) -> None:
    assert api.numbers("sc_task", "no_such_field=x^state=3") == [three[2]]
    assert api.numbers("sc_task", "state=3^ORno_such_field=x") == [three[2]]
    assert api.numbers("sc_task", "state=3^NQno_such_field=x") == [three[2]]
    assert api.numbers("sc_task", "state=3^opened_bySAMEASno_such_field") == [three[2]]


@pytest.mark.usefixtures("three")
def test_answers_in_the_form_can_t_be_asked_for(api: Asker) -> None:
    """§2: a wrong form is ignored, so the whole table comes back."""
    assert len(api.numbers("sc_task", "variables.device_type=Duo Mobile")) == 3
    assert len(api.numbers("sc_req_item", "variables.device_type=Duo Mobile")) == 3


@pytest.mark.parametrize("query", ["no_such_field=x^state=3", "state=3^ORno_such_field=x"])
def test_an_instance_can_be_set_to_answer_no_rows_instead(
    servicenow: ServiceNow, api: Asker, three: tuple[str, ...], query: str
) -> None:
    servicenow.switch(invalid_query_returns_no_rows=True)
    assert api.numbers("sc_task", query) == []
    assert api.numbers("sc_task", "state=3^ORDERBYnumber^^GROUPBYstate^EQ") == [three[2]]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "query",
    ["state=banana", "state!=banana", "state>banana", "stateINbanana", "active=perhaps", "opened_at>=yesterday",
     "opened_at=2026-02-30", "sys_id=nobody", "opened_atBETWEENa@b"],
)  # fmt: skip
def test_a_bad_value_on_a_real_field_finds_nothing(api: Asker, query: str) -> None:
    assert api.numbers("sc_task", query) == []


def test_dot_walked_conditions_may_be_ignored(servicenow: ServiceNow, api: Asker, three: tuple[str, ...]) -> None:
    servicenow.switch(dot_walked_conditions=False)
    assert set(api.numbers("sc_task", f"request_item.cat_item={RESET_ITEM}")) == set(three)


def test_an_injected_caret_adds_conditions(api: Asker, three: tuple[str, ...]) -> None:
    value = f"{three[0]}^NQactive=false"
    assert set(api.numbers("sc_task", f"number={value}")) == {three[0], three[2]}


def test_a_doubled_caret_is_an_escape_only_where_the_switch_says_so(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    """§3.3: unconfirmed on the wire."""
    servicenow.set_fields(filed.task.number, "tdesk", short_description="a^state=3")
    query = "short_description=a^^state=3"
    assert api.numbers("sc_task", query) == []
    servicenow.switch(double_caret_is_a_caret=True)
    assert api.numbers("sc_task", query) == [filed.task.number]


def test_values_are_case_sensitive(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    lower = filed.task.number.lower()
    assert api.numbers("sc_task", f"number={lower}") == []
    servicenow.switch(values_ignore_case=True)
    assert api.numbers("sc_task", f"number={lower}") == [filed.task.number]
    assert api.numbers("sc_task", "numberLIKEsctask") == [filed.task.number]


def test_a_literal_is_utc_and_a_generated_date_is_of_the_caller_s_zone(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    """Filed at 15:00 UTC, 08:00 in Phoenix."""

    def day(end: str) -> str:
        return f"javascript:gs.dateGenerate('2026-11-24','{end}')"

    servicenow.set_user("duo.worker", time_zone="America/Phoenix")
    for query, found in [
        ("opened_at>=2026-11-24 15:00:00", True),
        ("opened_at>=2026-11-24 15:00:01", False),
        ("opened_at>=javascript:gs.dateGenerate('2026-11-24','08:00:00')", True),
        ("opened_at>=javascript:gs.dateGenerate('2026-11-24','08:00:01')", False),
        (f"opened_atBETWEEN{day('start')}@{day('end')}", True),
    ]:
        assert api.numbers("sc_task", query) == ([filed.task.number] if found else [])


def test_other_scripts_run_on_the_server(servicenow: ServiceNow, api: Asker, filed: Filed, clock: Clock) -> None:
    servicenow.assign(filed.task.number, "duo.worker")
    clock.advance(timedelta(hours=2))
    assert api.numbers("sc_task", "assigned_to=javascript:gs.getUserID()") == [filed.task.number]
    servicenow.add_group("Enrolment", ["duo.worker"])
    assert len(api.rows("sys_user_grmember", "user=javascript:gs.getUserID()")) == 2
    assert api.numbers("sc_task", "opened_at>=javascript:gs.hoursAgo(3)") == [filed.task.number]
    assert api.numbers("sc_task", "opened_at>=javascript:gs.hoursAgo(1)") == []
    assert api.numbers("sc_task", "opened_at>=javascript:somethingElse()") == []


def test_name_and_value_in_the_url_stand_in_for_a_query(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    """§3.2."""
    servicenow.file_request("alee", {})
    path = f"/api/now/table/sc_task?number={filed.task.number}&sysparm_fields=number"
    assert api.send("GET", path).result == [{"number": filed.task.number}]
    assert len(api.send("GET", f"{path}&sysparm_query=active=true").result) == 2


def test_a_keyset_goes_on_after_the_last_id(servicenow: ServiceNow, api: Asker) -> None:
    """§3.4."""
    for _ in range(5):
        servicenow.file_request("alee", {})
    ids = sorted(row["sys_id"] for row in api.rows("sc_task"))
    query = f"sys_id>{ids[1]}^ORDERBYsys_id"
    assert [row["sys_id"] for row in api.rows("sc_task", query, limit=2)] == ids[2:4]


def test_ids_in_a_list_are_found_once_each(servicenow: ServiceNow, api: Asker) -> None:
    filed = [servicenow.file_request("alee", {}).task for _ in range(3)]
    wanted = f"{filed[0].sys_id},{filed[2].sys_id},{filed[0].sys_id},unknown"
    assert api.numbers("sc_task", f"sys_idIN{wanted}^ORDERBYnumber") == [filed[0].number, filed[2].number]


@pytest.mark.parametrize("query", ["number=x", "opened_by.email=x", "ORDERBYnumber", "state=1^ORnumberISEMPTY"])
def test_a_field_that_may_not_be_read_may_not_be_asked_by(servicenow: ServiceNow, api: Asker, query: str) -> None:
    servicenow.switch(hidden_fields=frozenset({"sc_task.number", "sys_user.email"}))
    assert api.listed("sc_task", query).error == INSUFFICIENT


@pytest.mark.parametrize("query", ["sys_updated_on>=2026-01-01", "ORDERBYsys_updated_on", "sys_updated_onLIKE2026"])
def test_a_field_without_query_range_can_be_matched_but_not_compared(
    servicenow: ServiceNow, api: Asker, query: str
) -> None:
    servicenow.switch(unsortable_fields=frozenset({"sc_task.sys_updated_on"}))
    assert api.listed("sc_task", query).error == INSUFFICIENT
    assert api.listed("sc_task", "sys_updated_on=2026-01-01").status == 200


def test_choices_can_be_listed_but_not_asked_for_by_name(servicenow: ServiceNow, api: Asker) -> None:
    """§1.3."""
    servicenow.insert("sys_choice", {"name": "sc_task", "element": "state", "value": "1", "label": "Open"})
    assert len(api.rows("sys_choice")) == 1
    assert api.listed("sys_choice", "name=sc_task^element=state").error == INSUFFICIENT
    assert len(admin(servicenow).rows("sys_choice", "name=sc_task")) == 1


def test_join_and_related_list_queries_are_understood(servicenow: ServiceNow, api: Asker) -> None:
    """§8.3."""
    servicenow.add_group("Empty")
    in_a_group = "JOINsys_user_group.sys_id=sys_user_grmember.group!user.user_name=tdesk"
    assert {row["name"] for row in api.rows("sys_user_group", in_a_group)} == {"Service Desk", "Identity Desk"}
    empty = "RLQUERYsys_user_grmember.group,0^user.active=true^ENDRLQUERY^active=true"
    assert "Empty" in {row["name"] for row in api.rows("sys_user_group", empty)}
    assert "Service Desk" not in {row["name"] for row in api.rows("sys_user_group", empty)}
    nobody_called_x = "RLQUERYsys_user_grmember.group,>0^user.user_name=x^ENDRLQUERY"
    assert api.rows("sys_user_group", nobody_called_x) == []
    assert len(api.rows("sys_user_group", "RLQUERYno_such.group,>0^ENDRLQUERY")) == 5
    assert len(api.rows("sys_user_group", "RLQUERYbroken^ENDRLQUERY^JOINbroken")) == 5


def test_a_base_table_is_asked_with_all_that_extend_it(api: Asker, filed: Filed) -> None:
    found = api.rows("task", "ORDERBYnumber", fields="number,sys_class_name")
    assert [row["number"] for row in found] == [filed.request.number, filed.item.number, filed.task.number]
    assert [row["sys_class_name"] for row in found] == ["sc_request", "sc_req_item", "sc_task"]


@pytest.mark.parametrize(
    "query",
    [
        f"request_item.cat_item={RESET_ITEM}^state=3",
        f"request_item.cat_item!={RESET_ITEM}",
        "request_item.sys_updated_on>=2026-11-24 13:00:00^ORassigned_to.user_name=tdesk",
        "assigned_to.user_nameISEMPTY^state=1",
        "request_item.no_such=x^state=3",
    ],
)
def test_a_big_table_is_asked_another_way_with_the_same_result(
    api: Asker, three: tuple[str, ...], query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = api.numbers("sc_task", f"{query}^ORDERBYnumber")
    monkeypatch.setattr(compile_, "MANY", 0)
    assert api.numbers("sc_task", f"{query}^ORDERBYnumber") == plain
    assert 0 < len(plain) < len(three)


QUERY_PARTS = st.sampled_from(
    ["^", "^OR", "^NQ", "(", ")", "state", "=", "1", "number", "IN", ",", "ORDERBY", "javascript:", "LIKE", ".", "é",
     "\n", "RLQUERY", "^ENDRLQUERY", "JOIN", "@", "BETWEEN", "sys_id>", "SAMEAS", "%", "'"]
)  # fmt: skip


@given(st.lists(QUERY_PARTS, max_size=12).map("".join))
@settings(max_examples=100, deadline=None)
def test_no_query_text_breaks_the_instance(query: str) -> None:
    servicenow = ServiceNow(Clock(), seed=5)
    assert Asker(servicenow).listed("sc_task", query).status == 200
