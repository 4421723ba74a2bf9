"""What a query can carry, and what it refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.servicenow.query.parse import AllOf, Term, parse
from connectors.servicenow import query
from connectors.servicenow.query import Query, UnfitForQuery

ID = "85940927468ff53d864a7a50b48d73f1"
ANYTHING = st.text(max_size=60) | st.text(alphabet="^=ORNQ!<>,.@ \n\u202ejavscript:", max_size=40)


def test_conditions_are_joined_in_their_order_and_the_sorting_comes_last() -> None:
    asked = Query().ordered_by("sys_id").equals("active", "true").one_of("state", ("1", "-5")).greater("sys_id", ID)
    assert str(asked) == f"active=true^stateIN1,-5^sys_id>{ID}^ORDERBYsys_id"


def test_a_time_is_written_in_utc_and_whole_seconds_for_each_field_that_may_have_it() -> None:
    moment = datetime(2026, 11, 24, 8, 30, 15, 999_999, tzinfo=timezone(-timedelta(hours=7)))
    asked = Query().at_least(moment, "sys_updated_on", "request_item.sys_updated_on")
    stamp = "2026-11-24 15:30:15"
    assert str(asked) == f"sys_updated_on>={stamp}^ORrequest_item.sys_updated_on>={stamp}"


def test_names_with_commas_are_compared_one_by_one() -> None:
    assert str(Query().equals("name", "Desk, second", "Desk")) == "name=Desk, second^ORname=Desk"


def test_a_query_is_not_changed_by_going_on_from_it() -> None:
    start = Query().equals("active", "true")
    start.greater("sys_id", ID)
    assert str(start) == "active=true"


@pytest.mark.parametrize(
    "value",
    [
        "a^ORactive=true",
        "^",
        "javascript:gs.getUserID()",
        "JavaScript:gs.getUserID()",
        " javascript:gs.getUserID()",
        "",
        " padded ",
        "two\nlines",
        "\u202eevil",
        "NULL",
        "null",
        "=1",
        ">1",
        "x" * 256,
    ],
)
def test_a_value_that_would_become_part_of_the_query_is_refused(value: str) -> None:
    builds: list[Callable[[], Query]] = [
        lambda: Query().equals("name", value),
        lambda: Query().greater("name", value),
        lambda: Query().one_of("name", [value]),
    ]
    for build in builds:
        with pytest.raises(UnfitForQuery):
            build()


@pytest.mark.parametrize("values", [(), ("a,b",), tuple(str(n) for n in range(201))])
def test_a_list_is_refused_that_is_empty_too_long_or_has_a_comma_in_a_value(values: tuple[str, ...]) -> None:
    with pytest.raises(UnfitForQuery):
        Query().one_of("sys_id", values)


@pytest.mark.parametrize("field", ["", "state=1^active", "a b", ".x", "x.", "1x", "état", "a^b", "a\n"])
def test_what_is_no_name_of_a_field_is_refused(field: str) -> None:
    builds: list[Callable[[], Query]] = [
        lambda: Query().equals(field, "1"),
        lambda: Query().ordered_by(field),
        lambda: Query().at_least(datetime(2026, 1, 1, tzinfo=UTC), field),
    ]
    for build in builds:
        with pytest.raises(UnfitForQuery):
            build()


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(UnfitForQuery):
        Query().at_least(datetime(2026, 1, 1), "sys_updated_on")  # noqa: DTZ001 - that is what is refused


@given(first=ANYTHING, second=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_whatever_is_carried_arrives_as_it_was_and_as_nothing_else(first: str, second: str) -> None:
    try:
        asked = Query().equals("number", first).one_of("name", [second]).ordered_by("sys_id")
    except UnfitForQuery:
        return
    arrived = parse(str(asked))
    assert arrived.where == AllOf((Term("number", "=", first), Term("name", "IN", second)))
    assert [order.field for order in arrived.order] == ["sys_id"]


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_an_id_that_is_let_through_is_one_plain_part_of_a_path(text: str) -> None:
    try:
        found = query.sys_id(text)
    except UnfitForQuery:
        return
    assert found == text
    assert text.isascii()
    assert not set(text) & set("/?#%&^,\\ \n")
    assert text.strip(".") != ""


@pytest.mark.parametrize(
    ("typed", "meant"), [("SCTASK0010001", "SCTASK0010001"), (" ritm0010001 ", "RITM0010001"), ("REQ1", "REQ1")]
)
def test_a_number_is_taken_as_people_type_it(typed: str, meant: str) -> None:
    assert query.number(typed) == meant


@pytest.mark.parametrize("typed", ["", "0010001", "SCTASK", "SCTASK001^ORactive=true", "SCTASK 1", "S1", "../x"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UnfitForQuery):
        query.number(typed)
