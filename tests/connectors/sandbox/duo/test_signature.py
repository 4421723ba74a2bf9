"""Signatures and their dates (Admin API facts §2, §10)."""

import dataclasses
from datetime import timedelta
from email.utils import format_datetime, formatdate, parsedate_to_datetime
from typing import Any

import duo_client
import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.http import Server
from connectors.sandbox.tls import Certificates
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.duo.asking import (
    INTEGRATION_KEY,
    SECRET_KEY,
    STOCK_CLIENT,
    ask,
    person,
    refusal,
    signed,
)

pytestmark = STOCK_CLIENT

USERS = "/admin/v1/users"


@pytest.fixture
def strict(clock: Clock) -> Duo:
    """An account that judges dates, as the real one does."""
    return Duo(clock, INTEGRATION_KEY, SECRET_KEY)


@pytest.mark.parametrize("version", [2, 5])
def test_the_stock_client_is_taken_with_either_signature_and_its_own_date(
    version: int, trust: Certificates, request: pytest.FixtureRequest
) -> None:
    clock = Clock(parsedate_to_datetime(formatdate(usegmt=True)))  # the time that the client signs with
    duo = Duo(clock, INTEGRATION_KEY, SECRET_KEY)
    server = Server("duo", duo.app, tls=trust.server, clock=clock)
    request.addfinalizer(server.stop)
    admin = duo_client.Admin(
        INTEGRATION_KEY, SECRET_KEY, "localhost", port=server.port, ca_certs=str(trust.ca_file), sig_version=version
    )
    made = admin.add_user("zoë ~ x/y", notes="50 % & more = ü", email="zoe+duo@example.edu")
    found = admin.get_users_by_name("zoë ~ x/y")
    assert [user["user_id"] for user in found] == [made["user_id"]]
    assert found[0]["notes"] == "50 % & more = ü"
    admin.delete_user(made["user_id"])
    assert admin.get_user_by_email("zoe+duo@example.edu") == []


@pytest.mark.parametrize("version", [2, 5])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_secret_is_40103(strict: Duo, version: int, method: str) -> None:
    request = signed(method, USERS, {"username": "x"}, version=version, secret_key="wrong")
    assert ask(strict, request) == (
        401,
        {"stat": "FAIL", "code": 40103, "message": "Invalid signature in request credentials"},
    )


def test_a_wrong_integration_key_is_40102(strict: Duo) -> None:
    status, body = ask(strict, signed("GET", USERS, integration_key="DIWRONG0000000000000"))
    assert (status, body["code"]) == (401, 40102)


@pytest.mark.parametrize("authorization", ["", "Bearer abc", "Basic ???", "Basic bm9jb2xvbg=="])
def test_missing_or_unreadable_credentials_are_40101(strict: Duo, authorization: str) -> None:
    request = signed("GET", USERS)
    broken = dataclasses.replace(request, headers={**request.headers, "authorization": authorization})
    assert ask(strict, broken)[1]["code"] == 40101


@pytest.mark.parametrize("version", [2, 5])
def test_a_changed_query_breaks_the_signature(strict: Duo, version: int) -> None:
    request = signed("GET", USERS, {"username": "x"}, version=version)
    assert ask(strict, dataclasses.replace(request, raw_query="username=y"))[1]["code"] == 40103


@pytest.mark.parametrize("version", [2, 5])
def test_a_changed_body_path_method_or_host_breaks_the_signature(strict: Duo, version: int) -> None:
    request = signed("POST", USERS, {"username": "x"}, version=version)
    headers = request.headers
    for broken in (
        dataclasses.replace(request, body=request.body + b" "),
        dataclasses.replace(request, path=USERS + "/enroll"),
        dataclasses.replace(request, method="DELETE"),
        dataclasses.replace(request, headers={**headers, "host": "elsewhere"}),
    ):
        assert ask(strict, broken)[1]["code"] == 40103


def test_the_port_is_no_part_of_the_signed_host_and_the_host_knows_no_case(strict: Duo) -> None:
    request = signed("GET", USERS)
    for host in ("localhost", "localhost:1", "LOCALHOST:443"):
        assert ask(strict, dataclasses.replace(request, headers={**request.headers, "host": host}))[0] == 200


def test_duo_headers_are_signed_and_others_arent(strict: Duo) -> None:
    request = signed("GET", USERS, duo_headers={"X-Duo-B": "2", "X-Duo-A": "1"})
    assert ask(strict, request)[0] == 200
    assert ask(strict, dataclasses.replace(request, headers={**request.headers, "x-other": "3"}))[0] == 200
    assert ask(strict, dataclasses.replace(request, headers={**request.headers, "x-duo-a": "3"}))[1]["code"] == 40103


def test_what_a_signature_doesnt_cover_isnt_read(strict: Duo) -> None:
    request = signed("POST", USERS, {"username": "x"})
    user = ask(strict, dataclasses.replace(request, raw_query="email=evil@example.org"))[1]["response"]
    assert user["email"] == ""


@pytest.mark.parametrize("off_by", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_date_too_far_off_is_40105(strict: Duo, off_by: timedelta) -> None:
    assert ask(strict, signed("GET", USERS, date=format_datetime(START + off_by)))[1]["code"] == 40105


def test_how_far_a_date_may_be_off_can_be_set(strict: Duo) -> None:
    late = signed("GET", USERS, date=format_datetime(START - timedelta(minutes=6)))
    strict.switches.clock_skew = timedelta(minutes=10)
    assert ask(strict, late)[0] == 200
    strict.switches.clock_skew = timedelta(minutes=1)
    assert ask(strict, signed("GET", USERS, date=format_datetime(START - timedelta(minutes=2))))[0] == 401
    strict.switches.clock_skew = None
    assert ask(strict, signed("GET", USERS, date=format_datetime(START - timedelta(days=60))))[0] == 200


def test_a_date_of_another_zone_is_the_same_moment(strict: Duo) -> None:
    assert ask(strict, signed("GET", USERS, date="Tue, 24 Nov 2026 08:00:30 -0700"))[0] == 200


def test_an_unreadable_date_is_40105_and_a_missing_one_40104(strict: Duo) -> None:
    request = signed("GET", USERS, date="yesterday")
    assert ask(strict, request)[1]["code"] == 40105
    without = {name: value for name, value in request.headers.items() if name != "date"}
    assert ask(strict, dataclasses.replace(request, headers=without))[1]["code"] == 40104


def test_policies_want_version_5(duo: Duo) -> None:
    user_id = duo.add_person(person())
    asked = {"integration_key": "DISANDBOXPORTAL00001", "user_id": user_id}
    assert ask(duo, signed("GET", "/admin/v2/policies/calculate", asked, version=5))[0] == 200
    assert ask(duo, signed("GET", "/admin/v2/policies/calculate", asked, version=2))[1]["code"] == 40103


def test_the_stock_client_sees_a_wrong_secret_as_40103(admin: Any) -> None:
    admin.skey = "wrong"
    assert refusal(admin.get_users) == 40103
