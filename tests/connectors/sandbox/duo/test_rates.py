"""Rate limits (Admin API facts §10)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.rates import DUO_LIMITS, Kind
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.duo.asking import INTEGRATION_KEY, SECRET_KEY, STOCK_CLIENT, ask, person, refusal, signed

pytestmark = STOCK_CLIENT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def limited(clock: Clock) -> Duo:
    """An account with Duo's own limits."""
    duo = Duo(clock, INTEGRATION_KEY, SECRET_KEY, seed=7)
    duo.switches.clock_skew = None
    return duo


def passed(duo: Duo, calls: int, method: str = "GET", path: str = "/admin/v1/users", **asked: str) -> int:
    """How many of that many calls are answered at this moment."""
    request = signed(method, path, asked)
    return sum(ask(duo, request)[0] != 429 for _ in range(calls))


def test_each_kind_of_call_has_its_own_limit_of_duos(limited: Duo) -> None:
    user_id = limited.add_person(person())
    assert passed(limited, 310, "POST", f"/admin/v1/users/{user_id}", notes="x") == 300
    assert passed(limited, 310, path=f"/admin/v1/users/{user_id}") == 300
    assert passed(limited, 210, limit="10") == 200
    assert passed(limited, 50) == 40


def test_a_look_up_counts_as_one_object(limited: Duo) -> None:
    assert passed(limited, 310, username="x") == 300


def test_each_log_may_be_read_twice_a_minute(limited: Duo, clock: Clock) -> None:
    window = {"mintime": "1", "maxtime": "2"}
    for log in ("v2/logs/authentication", "v2/logs/telephony", "v1/logs/administrator"):
        assert passed(limited, 3, path=f"/admin/{log}", **window) == 2
    clock.advance(MINUTE)
    assert passed(limited, 3, path="/admin/v2/logs/telephony", **window) == 2


def test_the_refusal_is_429_with_42901_and_no_retry_after(limited: Duo) -> None:
    passed(limited, 40)
    answer = limited.app(signed("GET", "/admin/v1/users"))
    assert answer.status == 429
    assert json.loads(answer.body) == {"stat": "FAIL", "code": 42901, "message": "Too many requests"}
    assert "Retry-After" not in answer.headers
    limited.switches.retry_after = timedelta(seconds=30)
    assert limited.app(signed("GET", "/admin/v1/users")).headers["Retry-After"] == "30"


def test_the_minute_slides_and_refused_calls_dont_count(limited: Duo, clock: Clock) -> None:
    assert passed(limited, 30) == 30
    clock.advance(MINUTE / 2)
    assert passed(limited, 100) == 10
    clock.advance(MINUTE / 2)
    assert passed(limited, 100) == 30


def test_limits_can_be_set_and_one_for_all_calls_added(limited: Duo) -> None:
    limited.limits[Kind.TOTAL] = 5
    assert passed(limited, 10) == 5
    limited.limits.clear()
    assert passed(limited, 1000) == 1000
    assert DUO_LIMITS[Kind.UNPAGED] == 40


def test_a_refused_call_changes_nothing(limited: Duo) -> None:
    limited.limits[Kind.MODIFY] = 0
    assert ask(limited, signed("POST", "/admin/v1/users", {"username": "x"}))[0] == 429
    assert limited.user("x") is None


def test_the_busiest_minute_counts_every_arrival_unsigned_and_refused_ones_too(limited: Duo, clock: Clock) -> None:
    passed(limited, 50)
    clock.advance(MINUTE / 2)
    ask(limited, signed("GET", "/admin/v1/users", secret_key="wrong"))
    assert limited.busiest_minute == 51
    clock.advance(MINUTE)
    passed(limited, 10)
    assert limited.busiest_minute == 51


def test_a_clock_set_back_doesnt_keep_calls_out(limited: Duo, clock: Clock) -> None:
    passed(limited, 40)
    clock.advance(timedelta(hours=-1))
    assert clock() < START
    assert passed(limited, 40) == 40


def test_the_stock_client_sees_a_429(duo: Duo, admin: Any) -> None:
    duo.limits[Kind.UNPAGED] = duo.limits[Kind.PAGE] = 0
    assert refusal(admin.get_users) == 42901
