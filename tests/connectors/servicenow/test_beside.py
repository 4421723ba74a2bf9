"""What belongs to records: notes, approvers, members; and our own account."""

from datetime import timedelta

import pytest

from connectors.errors import Misconfigured
from connectors.servicenow.approvals import Approval, approvals
from connectors.servicenow.directory import account, groups, members
from connectors.servicenow.journal import entries
from tests.connectors.servicenow.stand import PEOPLE, Stand


def test_notes_come_oldest_first_with_their_authors_by_the_system_s_record(stand: Stand) -> None:
    filed, author = stand.file(), PEOPLE[0].user_name
    stand.servicenow.work_note(filed.task.sys_id, "admin", "first")
    stand.clock.advance(timedelta(seconds=1))
    stand.servicenow.comment(filed.item.sys_id, author, "second\n#verified by admin")
    found = entries(stand.instance(), [filed.task.sys_id, filed.item.sys_id])
    assert [(each.record, each.element, each.author, each.text) for each in found] == [
        (filed.task.sys_id, "work_notes", "admin", "first"),
        (filed.item.sys_id, "comments", author, "second\n#verified by admin"),
    ]


def test_notes_of_other_records_are_not_among_them(stand: Stand) -> None:
    mine, other = stand.file().task, stand.file().task
    stand.servicenow.work_note(other.sys_id, "admin", "elsewhere")
    assert entries(stand.instance(), [mine.sys_id]) == ()


def test_two_hundred_records_cost_one_call_and_none_cost_none(stand: Stand) -> None:
    records = [stand.file().task.sys_id for _ in range(201)]
    for record in records:
        stand.servicenow.work_note(record, "admin", f"note on {record}")
    stand.new_calls()
    assert entries(stand.instance(), []) == ()
    assert stand.new_calls() == ()
    assert {each.record for each in entries(stand.instance(), records[:200])} == set(records[:200])
    assert len(stand.new_calls()) == 1
    assert len(entries(stand.instance(), records)) == 201


def test_a_journal_that_may_not_be_read_is_a_missing_permission(stand: Stand) -> None:
    task = stand.file().task
    stand.servicenow.work_note(task.sys_id, "admin", "a note")
    stand.servicenow.switch(hidden_tables=frozenset({"sys_journal_field"}))
    with pytest.raises(Misconfigured, match="sys_journal_field"):
        entries(stand.instance(), [task.sys_id])


def test_approvers_come_with_what_they_said(stand: Stand) -> None:
    item = stand.file().item
    stand.servicenow.ask_approval(item.sys_id, PEOPLE[1].user_name)
    stand.servicenow.approve(item.sys_id, PEOPLE[2].user_name)
    found = approvals(stand.instance(), [item.sys_id])
    assert set(found) == {
        Approval(item.sys_id, PEOPLE[1].user_name, "not_required"),
        Approval(item.sys_id, PEOPLE[2].user_name, "approved"),
    }


def test_members_come_by_group(stand: Stand) -> None:
    stand.servicenow.add_group("Service Desk", [PEOPLE[0].user_name, PEOPLE[1].user_name])
    stand.servicenow.add_group("Desk, second", [])
    assert members(stand.instance(), ["Service Desk", "Desk, second"]) == {
        "Service Desk": frozenset({PEOPLE[0].user_name, PEOPLE[1].user_name}),
        "Desk, second": frozenset(),
    }
    assert len(stand.calls()) == 2


def test_no_groups_cost_no_call(stand: Stand) -> None:
    assert members(stand.instance(), []) == {}
    assert stand.calls() == ()


def test_a_group_that_does_not_exist_is_named(stand: Stand) -> None:
    with pytest.raises(Misconfigured, match="'Servise Desk'"):
        members(stand.instance(), ["Service Desk", "Servise Desk"])


def test_a_group_that_is_not_active_or_has_a_namesake_is_none(stand: Stand) -> None:
    stand.servicenow.insert("sys_user_group", {"name": "Gone", "active": "false"})
    for _ in range(2):
        stand.servicenow.insert("sys_user_group", {"name": "Twins", "active": "true"})
    for name in ("Gone", "Twins"):
        with pytest.raises(Misconfigured, match=name):
            groups(stand.instance(), [name])


def test_a_group_s_name_that_a_query_can_t_carry_is_an_operator_s_business(stand: Stand) -> None:
    with pytest.raises(Misconfigured, match="can't be looked up"):
        groups(stand.instance(), ["x^ORactive=true"])
    assert stand.calls() == ()


@pytest.mark.parametrize("name", ["", "duo.worker", "Duo.Worker"])
def test_our_own_account_is_found_with_and_without_its_name(stand: Stand, name: str) -> None:
    stand.servicenow.switch(values_ignore_case=True)
    found = account(stand.instance(), name)
    assert (found.user_name, found.time_zone) == ("duo.worker", "GMT")


def test_an_account_that_is_not_there_is_an_operator_s_business(stand: Stand) -> None:
    with pytest.raises(Misconfigured, match="username"):
        account(stand.instance(), "nobody.here")
