"""Tickets read by their ids and numbers, and items that are tickets themselves (`write_to = "item"`)."""

from datetime import timedelta

import pytest

from connectors.errors import Refused
from connectors.sandbox.servicenow import RESET_ITEM
from tests.connectors.servicenow.stand import Stand
from tests.worker.tickets.ticketing import HOUR, the_ticket, tickets_of


def test_tickets_are_read_by_id_whatever_their_state(stand: Stand) -> None:
    filed = stand.file(at=stand.clock() - timedelta(days=30))
    stand.servicenow.close(filed.task.sys_id, "admin")
    other = stand.file(item=RESET_ITEM, answers={})
    tickets = tickets_of(stand, reset_items=())
    found = tickets.read([filed.task.sys_id, other.task.sys_id, "f" * 32])
    assert {each: ticket.state for each, ticket in found.items()} == {filed.task.sys_id: "closed"}
    assert tickets.read([]) == {}


def test_a_long_list_of_ids_is_read_in_urls_that_are_short_enough(stand: Stand) -> None:
    filed = [stand.file().task.sys_id for _ in range(230)]
    found = tickets_of(stand, trusted_number_fields=tuple(f"u_number_{n}" for n in range(12))).read(filed)
    assert set(found) == set(filed)
    assert {call.status for call in stand.calls()} == {200}


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("record", ["task", "item", "request"])
def test_a_ticket_is_found_by_each_of_its_numbers(stand: Stand, record: str, plain: bool) -> None:
    filed = stand.file()
    stand.file()
    stand.servicenow.switch(dot_walked_conditions=not plain)
    number = getattr(filed, record).number
    ticket = tickets_of(stand, plain_queries=plain).find(number.lower())
    assert ticket is not None
    assert ticket.id == filed.task.sys_id
    assert {ticket.number, *ticket.other_numbers} == {filed.task.number, filed.item.number, filed.request.number}


@pytest.mark.parametrize("number", ["SCTASK9999999", "", "x^ORactive=true", "../admin", "javascript:1"])
def test_no_ticket_is_found_by_what_is_nobody_s_number(stand: Stand, number: str) -> None:
    stand.file()
    assert tickets_of(stand).find(number) is None


def test_a_ticket_of_another_item_is_not_found(stand: Stand) -> None:
    other = stand.file(item=RESET_ITEM, answers={})
    for each in (other.task, other.item, other.request):
        assert tickets_of(stand, reset_items=()).find(each.number) is None


def test_a_number_of_several_tickets_is_refused_with_their_numbers(stand: Stand) -> None:
    filed = stand.file()
    row = stand.servicenow.row(filed.task.sys_id)
    kept = {name: row[name] for name in ("request_item", "request", "state", "active", "sys_mod_count")}
    stand.servicenow.insert("sc_task", {**row, **kept, "sys_id": "e" * 32, "number": "SCTASK0099999"})
    with pytest.raises(Refused, match=f"{filed.task.number}, SCTASK0099999"):
        tickets_of(stand).find(filed.item.number)


def test_an_item_that_is_written_directly_is_the_ticket(stand: Stand) -> None:
    filed = stand.file()
    ticket = the_ticket(stand, write_to="item")
    assert (ticket.id, ticket.number) == (filed.item.sys_id, filed.item.number)
    assert ticket.other_numbers == (filed.request.number,)
    assert (ticket.stamp, ticket.answers.device) == ("0/0", "duo_mobile")
    assert len(stand.calls()) == 2


def test_conditions_on_items_need_no_dot_walk(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(dot_walked_conditions=False)
    tickets = tickets_of(stand, write_to="item")
    assert tickets.heeds_dot_walk() is True
    assert tickets.changed(stand.clock() - HOUR).foreign == 0


def test_an_item_that_is_written_directly_is_found_by_item_and_request(stand: Stand) -> None:
    filed = stand.file()
    tickets = tickets_of(stand, write_to="item")
    for number in (filed.item.number, filed.request.number):
        ticket = tickets.find(number)
        assert ticket is not None
        assert ticket.id == filed.item.sys_id
    assert tickets.find(filed.task.number) is None
