"""Pages: the count that is blind for permissions, links to elsewhere, orders that aren't total (facts §3.2, §3.4)."""

from collections.abc import Sequence

import pytest

from connectors.sandbox.messages import Request
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.servicenow.api.parameters import parameters
from tests.connectors.sandbox.servicenow.asking import Asker, account

SIZE = 7


@pytest.fixture
def numbers(servicenow: ServiceNow) -> list[str]:
    return [servicenow.file_request("alee", {}).task.number for _ in range(SIZE)]


def pages(api: Asker, query: str) -> list[str]:
    return [number for offset in range(0, SIZE, 2) for number in api.numbers("sc_task", query, limit=2, offset=offset)]


def test_limit_and_offset_cut_a_page(api: Asker, numbers: Sequence[str]) -> None:
    assert api.numbers("sc_task", "ORDERBYnumber", limit=3, offset=2) == numbers[2:5]
    assert api.numbers("sc_task", "ORDERBYnumber", limit=3, offset=6) == numbers[6:]
    assert api.numbers("sc_task", "ORDERBYnumber", limit=3, offset=7) == []
    assert len(api.numbers("sc_task", "", limit="")) == SIZE


def test_a_total_order_gives_every_row_once(api: Asker, numbers: Sequence[str]) -> None:
    assert sorted(pages(api, "ORDERBYsys_created_on^ORDERBYsys_id")) == numbers


def test_an_order_that_isn_t_total_repeats_and_loses_rows(servicenow: ServiceNow, api: Asker) -> None:
    """All were created in one second."""
    created = [servicenow.file_request("alee", {}).task.number for _ in range(SIZE)]
    assert sorted(pages(api, "ORDERBYsys_created_on")) != created
    assert sorted(pages(api, "")) != created
    servicenow.switch(shuffled_ties=False)
    assert pages(api, "ORDERBYsys_created_on") == created


def test_the_count_is_of_all_rows_that_match(api: Asker, numbers: Sequence[str]) -> None:
    answer = api.listed("sc_task", f"number>{numbers[1]}", limit=2)
    assert answer.headers["X-Total-Count"] == "5"


@pytest.mark.usefixtures("numbers")
def test_no_count_drops_the_header(api: Asker) -> None:
    assert "X-Total-Count" not in api.listed("sc_task", limit=2, no_count="true").headers


@pytest.mark.usefixtures("numbers")
def test_links_are_built_from_the_instance_s_address_not_from_the_host_asked(api: Asker) -> None:
    links = api.listed("sc_task", "ORDERBYnumber", limit=2, offset=2).headers["Link"].split(",")
    start = "<https://sandbox.service-now.com/api/now/table/sc_task?sysparm_query=ORDERBYnumber&sysparm_limit=2"
    assert links == [
        f'{start}&sysparm_offset=0>;rel="first"',
        f'{start}&sysparm_offset=0>;rel="prev"',
        f'{start}&sysparm_offset=4>;rel="next"',
        f'{start}&sysparm_offset=6>;rel="last"',
    ]


@pytest.mark.usefixtures("numbers")
def test_links_stop_at_both_ends_and_can_be_suppressed(api: Asker) -> None:
    assert 'rel="prev"' not in api.listed("sc_task", limit=2).headers["Link"]
    assert 'rel="next"' not in api.listed("sc_task", limit=2, offset=5).headers["Link"]
    assert 'rel="next"' in api.listed("sc_task", limit=2, offset=4).headers["Link"]
    assert "Link" not in api.listed("sc_task", limit=100).headers
    assert "Link" not in api.listed("sc_task", limit=2, suppress_pagination_header="True").headers


def test_without_a_limit_the_page_is_10_000_rows() -> None:
    """§3.2."""
    assert parameters(Request("GET", "/api/now/table/sc_task")).limit == 10_000


def test_a_negative_offset_is_refused(api: Asker) -> None:
    assert api.listed("sc_task", offset=-1).status == 400


def test_the_limit_is_applied_before_permissions_so_a_page_may_be_short_or_empty(
    servicenow: ServiceNow, api: Asker, numbers: Sequence[str]
) -> None:
    ids = [row["sys_id"] for row in api.rows("sc_task", "ORDERBYnumber")]
    servicenow.switch(hidden_rows=frozenset(ids[:3]))
    first, second = (api.listed("sc_task", "ORDERBYnumber", limit=2, offset=offset) for offset in (0, 2))
    assert first.result == []
    assert [row["number"] for row in second.result] == [numbers[3]]
    assert first.headers["X-Total-Count"] == second.headers["X-Total-Count"] == "7"


def test_an_account_without_roles_is_told_how_many_rows_it_doesn_t_get(
    servicenow: ServiceNow, numbers: Sequence[str]
) -> None:
    """§3.6: 200 and an empty list."""
    answer = account(servicenow).listed("sc_task")
    assert answer.result == []
    assert answer.headers["X-Total-Count"] == str(len(numbers))
