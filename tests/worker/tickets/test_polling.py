"""What a poll brings, what it leaves, and how many calls it costs."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from connectors.errors import Misconfigured
from connectors.sandbox.servicenow import ENROLMENT_ITEM, RESET_ITEM
from tests.connectors.servicenow.stand import PEOPLE, Stand
from tests.worker.tickets.ticketing import HOUR, numbers, polled, the_ticket, tickets_of
from worker.tickets.ticket import Poll, Reading

SECOND = timedelta(seconds=1)


def test_nothing_new_costs_one_call_and_moves_no_mark(stand: Stand) -> None:
    stand.file(at=stand.clock() - 2 * HOUR)
    assert polled(stand) == Poll((), None, 0)
    assert len(stand.calls()) == 1


def test_a_new_request_costs_two_calls(stand: Stand) -> None:
    filed = stand.file()
    assert numbers(polled(stand)) == [filed.task.number]
    assert len(stand.calls()) == 2


def test_approvers_are_read_only_where_a_request_carries_an_approval(stand: Stand) -> None:
    stand.file()
    stand.file(approval="approved")
    polled(stand)
    assert [call.path.rpartition("/")[2] for call in stand.calls()] == [
        "sc_task",
        "sys_journal_field",
        "sysapproval_approver",
    ]


def test_a_hundred_requests_with_approvals_cost_three_calls(stand: Stand) -> None:
    for _ in range(100):
        stand.file(approval="approved")
    assert len(polled(stand).tickets) == 100
    assert len(stand.calls()) == 3


def test_two_hundred_requests_cost_three_calls(stand: Stand) -> None:
    for _ in range(200):
        stand.file()
    assert len(polled(stand).tickets) == 200
    assert len(stand.calls()) == 3


@pytest.mark.parametrize("page_size", [7, 60, 200])
def test_requests_of_one_second_are_all_there(stand: Stand, page_size: int) -> None:
    filed = sorted(stand.file(PEOPLE[turn % 6]).task.number for turn in range(67))
    assert numbers(polled(stand, page_size=page_size)) == filed


def test_the_second_at_which_the_window_begins_belongs_to_it(stand: Stand) -> None:
    stand.file(at=stand.clock() - HOUR)
    assert len(polled(stand).tickets) == 1
    stand.clock.advance(SECOND)
    assert len(polled(stand).tickets) == 0


def test_the_mark_is_the_newest_stamp_read_whether_it_is_news_or_not(stand: Stand) -> None:
    stand.file(at=stand.clock() - timedelta(minutes=9))
    stand.file(at=stand.clock() - timedelta(minutes=5))
    tickets = tickets_of(stand)
    assert tickets.changed(stand.clock() - HOUR).mark == stand.clock() - timedelta(minutes=5)
    known = tickets.changed(stand.clock() - HOUR, set)
    assert (known.tickets, known.mark) == ((), stand.clock() - timedelta(minutes=5))


def test_what_is_known_with_its_counts_costs_no_further_call(stand: Stand) -> None:
    filed = stand.file()
    asked: list[Reading] = []

    def unchanged(readings: Collection[Reading]) -> set[Reading]:
        asked.extend(readings)
        return set(readings)

    assert tickets_of(stand).changed(stand.clock() - HOUR, unchanged).tickets == ()
    assert asked == [(filed.task.sys_id, "0/0")]
    assert len(stand.calls()) == 1


@pytest.mark.parametrize("record", ["task", "item"])
def test_a_change_of_task_or_item_is_news_with_another_stamp(stand: Stand, record: Literal["task", "item"]) -> None:
    filed = stand.file(at=stand.clock() - 2 * HOUR)
    stand.servicenow.comment(getattr(filed, record).sys_id, PEOPLE[0].user_name, "any news?")
    ticket = the_ticket(stand)
    assert ticket.stamp == {"task": "1/0", "item": "0/1"}[record]
    assert ticket.changed_at == stand.clock()
    assert [note.text for note in ticket.notes] == ["any news?"]


def test_a_changed_answer_is_news(stand: Stand) -> None:
    filed = stand.file(at=stand.clock() - 2 * HOUR)
    stand.servicenow.edit_answer(filed.item.sys_id, "device_type", "Security key")
    assert the_ticket(stand).answers.device == "security_key"


def test_a_closed_request_is_news_too(stand: Stand) -> None:
    filed = stand.file(at=stand.clock() - 2 * HOUR)
    stand.servicenow.close(filed.task.sys_id, "admin", how="skipped")
    assert the_ticket(stand).state == "closed"


def test_both_kinds_of_request_come_by_one_query(stand: Stand) -> None:
    stand.file()
    stand.file(item=RESET_ITEM, answers={"reason": "forgot it"})
    found = polled(stand)
    assert sorted(ticket.kind for ticket in found.tickets) == ["enrollment", "password_reset"]
    (reset,) = (ticket for ticket in found.tickets if ticket.kind == "password_reset")
    assert reset.problems == ()


def test_requests_of_other_items_neither_come_nor_count(stand: Stand) -> None:
    stand.file(item=RESET_ITEM, answers={})
    assert polled(stand, reset_items=()) == Poll((), None, 0)


def test_rows_that_come_although_they_were_not_asked_for_are_counted_and_not_returned(stand: Stand) -> None:
    ours = stand.file()
    for _ in range(3):
        stand.file(item=RESET_ITEM, answers={})
    stand.servicenow.switch(dot_walked_conditions=False)
    found = polled(stand, reset_items=())
    assert numbers(found) == [ours.task.number]
    assert found.foreign == 3


def test_a_poll_that_was_given_up_moves_no_mark(stand: Stand) -> None:
    for _ in range(12):
        stand.file(item=RESET_ITEM, answers={})
    stand.servicenow.switch(dot_walked_conditions=False)
    found = polled(stand, reset_items=(), page_size=5)
    assert (found.mark, found.foreign) == (None, 10)


def test_a_window_that_is_ignored_returns_nothing_old(stand: Stand) -> None:
    new = stand.file()
    stand.file(at=stand.clock() - 2 * HOUR)
    stand.server.app = lambda request: stand.servicenow.app(replace(request, raw_query=_no_window(request.raw_query)))
    found = polled(stand)
    assert (numbers(found), found.foreign) == ([new.task.number], 1)


def _no_window(raw_query: str) -> str:
    return re.sub(r"%5E(OR)?[a-z_.]*sys_updated_on%3E%3D[^%&]*(%3A\d\d)*", "", raw_query)


def test_an_account_that_may_read_nothing_is_an_operator_s_business(stand: Stand) -> None:
    for _ in range(5):
        stand.file()
    stand.servicenow.switch(hidden_tables=frozenset({"sc_task"}))
    with pytest.raises(Misconfigured):
        polled(stand)


def test_a_single_ticket_that_is_hidden_from_the_account_stops_nothing(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(hidden_tables=frozenset({"sc_task"}))
    assert polled(stand).tickets == ()


def test_a_field_that_is_not_shown_is_named(stand: Stand) -> None:
    stand.file()
    stand.file()
    stand.servicenow.switch(hidden_fields=frozenset({"sc_req_item.sys_mod_count"}))
    with pytest.raises(Misconfigured, match=r"request_item\.sys_mod_count"):
        polled(stand)


@pytest.mark.parametrize("plain", [False, True])
def test_waiting_requests_come_however_old_and_closed_ones_don_t(stand: Stand, plain: bool) -> None:
    old = stand.file(at=stand.clock() - timedelta(days=9))
    stand.file(item=RESET_ITEM, answers={})
    closed = stand.file(at=stand.clock() - timedelta(days=9))
    stand.servicenow.close(closed.task.sys_id, "admin")
    stand.servicenow.switch(dot_walked_conditions=not plain)
    found = tickets_of(stand, plain_queries=plain, reset_items=()).waiting()
    assert (numbers(found), found.mark, found.foreign) == ([old.task.number], None, 0)


def test_waiting_requests_that_are_known_are_left_out(stand: Stand) -> None:
    stand.file()
    assert tickets_of(stand).waiting(set).tickets == ()


def test_waiting_requests_that_are_known_are_let_go_page_by_page(stand: Stand) -> None:
    filed = [stand.file() for _ in range(5)]
    news = filed[2].task
    pages: list[Collection[Reading]] = []

    def all_but_one(readings: Collection[Reading]) -> set[Reading]:
        pages.append(readings)
        return {each for each in readings if each[0] != news.sys_id}

    assert numbers(tickets_of(stand, page_size=2).waiting(all_but_one)) == [news.number]
    assert [len(page) for page in pages] == [2, 2, 1]


def test_an_item_of_ours_is_asked_for_by_its_id_alone(stand: Stand) -> None:
    stand.file()
    polled(stand)
    query = dict(stand.calls()[0].query)["sysparm_query"]
    assert query.startswith(f"request_item.cat_itemIN{ENROLMENT_ITEM},{RESET_ITEM}^sys_updated_on>=")
    assert query.endswith("^ORDERBYsys_id")
