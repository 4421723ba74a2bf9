"""Two plain queries, for an instance that doesn't heed dot-walked conditions, and how such a one is told."""

import pytest

from connectors.sandbox.servicenow import RESET_ITEM
from tests.connectors.servicenow.stand import Stand
from tests.worker.tickets.ticketing import HOUR, numbers, polled, tickets_of
from worker.tickets.ticket import Poll


@pytest.fixture
def ignorant(stand: Stand) -> Stand:
    stand.servicenow.switch(dot_walked_conditions=False)
    return stand


def test_nothing_new_costs_two_calls(ignorant: Stand) -> None:
    ignorant.file(at=ignorant.clock() - 2 * HOUR)
    assert polled(ignorant, plain_queries=True) == Poll((), None, 0)
    assert len(ignorant.calls()) == 2


def test_other_items_tasks_are_put_aside_and_aren_t_foreign(ignorant: Stand) -> None:
    ours = ignorant.file()
    ignorant.file(item=RESET_ITEM, answers={})
    found = polled(ignorant, plain_queries=True, reset_items=())
    assert (numbers(found), found.foreign) == ([ours.task.number], 0)


def test_a_change_of_the_item_alone_is_news(ignorant: Stand) -> None:
    filed = ignorant.file(at=ignorant.clock() - 2 * HOUR)
    ignorant.servicenow.edit_answer(filed.item.sys_id, "phone_os", "Android")
    assert numbers(polled(ignorant, plain_queries=True)) == [filed.task.number]


def test_nothing_comes_twice(ignorant: Stand) -> None:
    filed = sorted(ignorant.file().task.number for _ in range(20))
    assert numbers(polled(ignorant, plain_queries=True, page_size=6)) == filed


def test_the_instance_is_found_out(ignorant: Stand) -> None:
    ignorant.file()
    assert tickets_of(ignorant).heeds_dot_walk() is False


def test_an_instance_that_heeds_dot_walked_conditions_is_found_out_by_rows_that_don_t_come(stand: Stand) -> None:
    assert tickets_of(stand).heeds_dot_walk() is None
    stand.file()
    assert tickets_of(stand).heeds_dot_walk() is True


def test_an_account_that_may_not_ask_by_the_item_s_stamp_needs_plain_queries(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(unsortable_fields=frozenset({"sc_req_item.sys_updated_on"}))
    assert tickets_of(stand).heeds_dot_walk() is False
