"""Grants, envelopes and unknown paths (Admin API facts §1, §10)."""

from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.routes import ROUTES, Route
from connectors.sandbox.duo.switches import Grant
from tests.connectors.sandbox.duo.asking import STOCK_CLIENT, ask, person, refusal, signed

pytestmark = STOCK_CLIENT


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_call_without_its_grant_is_40301_and_with_it_isnt(duo: Duo, route: Route) -> None:
    request = signed(route.method, route.path.replace("*", "X"), {})
    duo.grants.clear()
    duo.grants.update(set(Grant) - {route.grant})
    assert ask(duo, request) == (403, {"stat": "FAIL", "code": 40301, "message": "Access forbidden"})
    duo.grants.add(route.grant)
    assert ask(duo, request)[1].get("code") != 40301


def test_at_first_everything_but_settings_is_granted(admin: Any) -> None:
    assert admin.get_users() == []
    assert admin.get_administrator_log() == []
    assert refusal(admin.get_settings) == 40301


def test_an_unknown_path_or_id_is_40401(duo: Duo, admin: Any) -> None:
    assert refusal(lambda: admin.get_user_by_id("DU000000000000000000")) == 40401
    assert refusal(lambda: admin.get_phone_by_id("DP000000000000000000")) == 40401
    for path in ("/admin/v1/nothing", "/admin/v1/users/", "/", "/admin/v1/users/a/b/c"):
        assert ask(duo, signed("GET", path))[1] == {"stat": "FAIL", "code": 40401, "message": "Resource not found"}


def test_an_id_cant_reach_another_path(duo: Duo) -> None:
    duo.add_person(person())
    assert ask(duo, signed("GET", "/admin/v1/phones/DP1/../../users"))[1]["code"] == 40401
    assert ask(duo, signed("GET", "/admin/v1/phones/DP1%2F..%2F..%2Fusers"))[1]["code"] == 40401


def test_an_answer_is_an_envelope_of_stat_response_and_metadata(duo: Duo) -> None:
    duo.add_person(person())
    status, body = ask(duo, signed("GET", "/admin/v1/users", {"limit": "1", "offset": "0"}))
    assert status == 200
    assert body.keys() == {"stat", "response", "metadata"}
    assert body["stat"] == "OK"


def test_the_detail_of_a_refusal_names_the_parameter(duo: Duo) -> None:
    assert ask(duo, signed("POST", "/admin/v1/phones", {"type": "toaster"})) == (
        400,
        {"stat": "FAIL", "code": 40002, "message": "Invalid request parameters", "message_detail": "type"},
    )


def test_the_code_for_a_missing_parameter_is_a_switch(duo: Duo) -> None:
    request = signed("POST", "/admin/v1/users", {})
    assert ask(duo, request)[1]["code"] == 40001
    duo.switches.missing_parameter = 40002
    assert ask(duo, request)[1]["code"] == 40002
