"""Pages (Admin API facts §1)."""

from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.duo.asking import STOCK_CLIENT, ask, person, signed

pytestmark = STOCK_CLIENT


@pytest.fixture
def crowd(duo: Duo) -> Duo:
    for number in range(350):
        duo.add_person(person(f"user{number:03}"))
    return duo


def page(duo: Duo, **asked: str) -> tuple[int, dict[str, int]]:
    body = ask(duo, signed("GET", "/admin/v1/users", asked))[1]
    return len(body["response"]), body["metadata"]


def test_a_page_has_a_hundred_rows_unless_asked_otherwise(crowd: Duo) -> None:
    assert page(crowd) == (100, {"total_objects": 350, "next_offset": 100})


def test_no_page_of_users_has_more_than_300(crowd: Duo) -> None:
    assert page(crowd, limit="500") == (300, {"total_objects": 350, "next_offset": 300})


def test_no_page_of_other_lists_has_more_than_500(duo: Duo) -> None:
    for number in range(501):
        duo.add_person(
            person(f"user{number}", DuoPhone(f"+1480555{number:04}"), webauthn=1, groups=(f"group{number}",))
        )
        duo.issue_code(f"user{number}")
    for name in ("phones", "bypass_codes", "webauthncredentials", "groups"):
        body = ask(duo, signed("GET", f"/admin/v1/{name}", {"limit": "600"}))[1]
        assert len(body["response"]) == 500
        assert body["metadata"] == {"total_objects": 501, "next_offset": 500}


def test_the_last_page_has_no_next_offset(crowd: Duo) -> None:
    assert page(crowd, limit="300", offset="300") == (50, {"total_objects": 350, "prev_offset": 0})
    assert page(crowd, limit="50", offset="300") == (50, {"total_objects": 350, "prev_offset": 250})
    assert page(crowd, offset="900") == (0, {"total_objects": 350, "prev_offset": 800})


def test_the_server_may_give_fewer_than_asked_and_nothing_is_lost(crowd: Duo, admin: Any) -> None:
    crowd.switches.page_cap = 60
    assert page(crowd, limit="100") == (60, {"total_objects": 350, "next_offset": 60})
    names = [user["username"] for user in admin.get_users()]
    assert names == [f"user{number:03}" for number in range(350)]


@pytest.mark.parametrize("wrong", [{"limit": "0"}, {"limit": "x"}, {"limit": "-1"}, {"offset": "-1"}, {"limit": "²"}])
def test_a_limit_or_offset_that_is_no_number_is_40002(crowd: Duo, wrong: dict[str, str]) -> None:
    assert ask(crowd, signed("GET", "/admin/v1/users", wrong))[1]["code"] == 40002


def test_look_ups_by_list_ignore_limit_and_offset(crowd: Duo) -> None:
    asked = {"username_list": '["user001", "user002"]', "limit": "1", "offset": "5"}
    body = ask(crowd, signed("GET", "/admin/v1/users", asked))[1]
    assert [user["username"] for user in body["response"]] == ["user001", "user002"]
    assert body["metadata"] == {"total_objects": 2}
