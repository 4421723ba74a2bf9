"""Bypass codes and their traps (Admin API facts §4)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.duo.asking import STOCK_CLIENT, ask, person, refusal, signed

pytestmark = STOCK_CLIENT


@pytest.fixture
def user_id(duo: Duo) -> str:
    return duo.add_person(person())


def digits(duo: Duo) -> list[str]:
    return [code.digits for code in duo.codes("atorres")]


def test_without_parameters_ten_codes_are_made_that_never_expire(duo: Duo, admin: Any, user_id: str) -> None:
    made = admin.add_user_bypass_codes(user_id)
    assert made == digits(duo)
    assert len(made) == 10
    assert {(code.expiration, code.remaining_uses) for code in duo.codes("atorres")} == {(None, 1)}


def test_new_codes_wipe_all_others_an_agents_too(duo: Duo, admin: Any, user_id: str) -> None:
    agents = duo.issue_code("atorres")
    made = admin.add_user_bypass_codes(user_id, count=1)
    assert digits(duo) == made
    assert not duo.use_code("atorres", agents)


def test_preserve_existing_keeps_the_others(duo: Duo, admin: Any, user_id: str) -> None:
    agents = duo.issue_code("atorres")
    (made,) = admin.add_user_bypass_codes(user_id, count=1, valid_secs=60, preserve_existing=True)
    assert digits(duo) == [agents, made]


def test_another_persons_codes_are_never_wiped(duo: Duo, admin: Any, user_id: str) -> None:
    duo.add_person(person("other"))
    others = duo.issue_code("other")
    admin.add_user_bypass_codes(user_id)
    assert [code.digits for code in duo.codes("other")] == [others]


def test_codes_are_nine_digits_and_may_begin_with_zeros(admin: Any, user_id: str) -> None:
    made = [code for _ in range(10) for code in admin.add_user_bypass_codes(user_id)]
    assert all(re.fullmatch(r"[0-9]{9}", code) for code in made)
    assert any(code.startswith("0") for code in made)
    assert len(set(made)) == 100


def test_the_same_seed_gives_the_same_codes(clock: Clock) -> None:
    def code(seed: int) -> str:
        duo = Duo(clock, "DI", "x", seed=seed)
        duo.add_person(person())
        return duo.issue_code("atorres")

    assert code(1) == code(1)
    assert code(1) != code(2)


def test_valid_secs_zero_never_expires_and_reuse_count_zero_is_unlimited(duo: Duo, admin: Any, user_id: str) -> None:
    admin.add_user_bypass_codes(user_id, count=1, valid_secs=0, remaining_uses=0)
    (told,) = admin.get_user_bypass_codes(user_id)
    assert (told["expiration"], told["reuse_count"]) == (None, None)
    (code,) = digits(duo)
    assert all(duo.use_code("atorres", code) for _ in range(20))


def test_a_list_tells_everything_but_the_digits(duo: Duo, admin: Any, user_id: str) -> None:
    (made,) = admin.add_user_bypass_codes(user_id, count=1, valid_secs=3600, remaining_uses=2)
    (told,) = admin.get_user_bypass_codes(user_id)
    assert told.keys() == {"bypass_code_id", "admin_email", "created", "expiration", "reuse_count", "user"}
    assert (told["created"], told["expiration"]) == (int(START.timestamp()), int(START.timestamp()) + 3600)
    assert (told["reuse_count"], told["user"]["user_id"]) == (2, user_id)
    assert made not in repr(told)
    status, body = ask(duo, signed("GET", f"/admin/v1/bypass_codes/{told['bypass_code_id']}"))
    assert (status, body["response"]) == (200, told)
    assert admin.get_bypass_codes() == [told]
    assert ask(duo, signed("GET", "/admin/v1/bypass_codes/DB1"))[1]["code"] == 40401


def test_deleting_a_code_twice_is_no_error(duo: Duo, admin: Any, user_id: str) -> None:
    admin.add_user_bypass_codes(user_id, count=2)
    first, _ = admin.get_user_bypass_codes(user_id)
    for _ in range(2):
        assert admin.delete_bypass_code_by_id(first["bypass_code_id"]) == ""
    assert len(digits(duo)) == 1


def test_the_101st_code_is_50001_and_nothing_is_made_or_cleared(duo: Duo, admin: Any, user_id: str) -> None:
    for _ in range(9):
        admin.add_user_bypass_codes(user_id, count=10, preserve_existing=True)
    admin.add_user_bypass_codes(user_id, count=5, preserve_existing=True)
    before = digits(duo)
    assert refusal(lambda: admin.add_user_bypass_codes(user_id, count=6, preserve_existing=True)) == 50001
    assert digits(duo) == before
    assert len(admin.add_user_bypass_codes(user_id, count=5, preserve_existing=True)) == 5
    assert refusal(lambda: admin.add_user_bypass_codes(user_id, count=1, preserve_existing=True)) == 50001
    duo.switches.bypass_conflict = 40002
    assert refusal(lambda: admin.add_user_bypass_codes(user_id, count=1, preserve_existing=True)) == 40002


def test_own_codes_are_taken_as_a_text_with_commas(duo: Duo, admin: Any, user_id: str) -> None:
    assert admin.add_user_bypass_codes(user_id, codes="012345678,987654321") == ["012345678", "987654321"]
    conflict = refusal(lambda: admin.add_user_bypass_codes(user_id, codes="012345678", preserve_existing=True))
    assert conflict == 50001
    assert digits(duo) == ["012345678", "987654321"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": "0"},
        {"count": "11"},
        {"count": "x"},
        {"count": "1", "codes": "123456789"},
        {"codes": "abc"},
        {"valid_secs": "-1"},
        {"valid_secs": "1e3"},
        {"valid_secs": "99999999999999"},
        {"reuse_count": "-1"},
        {"preserve_existing": "maybe"},
    ],
)
def test_what_makes_no_sense_is_40002_and_wipes_nothing(duo: Duo, user_id: str, wrong: dict[str, str]) -> None:
    agents = duo.issue_code("atorres")
    assert ask(duo, signed("POST", f"/admin/v1/users/{user_id}/bypass_codes", wrong))[1]["code"] == 40002
    assert digits(duo) == [agents]


def test_a_used_up_code_disappears_from_the_list_or_stays(duo: Duo, admin: Any, user_id: str) -> None:
    (code,) = admin.add_user_bypass_codes(user_id, count=1)
    assert duo.use_code("atorres", code)
    assert admin.get_user_bypass_codes(user_id) == []
    duo.switches.spent_codes_listed = True
    assert [told["reuse_count"] for told in admin.get_user_bypass_codes(user_id)] == [0]
    assert digits(duo) == []


def test_a_lapsed_code_disappears_from_the_list_or_stays(duo: Duo, admin: Any, user_id: str, clock: Clock) -> None:
    admin.add_user_bypass_codes(user_id, count=1, valid_secs=60)
    clock.advance(timedelta(seconds=60))
    assert admin.get_user_bypass_codes(user_id) == []
    duo.switches.lapsed_codes_listed = True
    assert len(admin.get_user_bypass_codes(user_id)) == 1


def test_who_made_a_code_is_told_by_the_address_of_an_administrator(duo: Duo, admin: Any, user_id: str) -> None:
    duo.issue_code("atorres")
    admin.add_user_bypass_codes(user_id, count=1, preserve_existing=True)
    duo.switches.api_admin_email = "api@example.edu"
    admin.add_user_bypass_codes(user_id, count=1, preserve_existing=True)
    told = [code["admin_email"] for code in admin.get_user_bypass_codes(user_id)]
    assert told == ["help.desk@example.edu", "", "api@example.edu"]


def test_codes_of_an_unknown_user_are_40401(admin: Any) -> None:
    assert refusal(lambda: admin.add_user_bypass_codes("DU000000000000000000")) == 40401


def test_many_threads_make_as_many_codes(duo: Duo, user_id: str) -> None:
    request = signed("POST", f"/admin/v1/users/{user_id}/bypass_codes", {"count": "1", "preserve_existing": True})
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ask(duo, request)[1]["response"][0], range(80)))
    assert sorted(made) == sorted(digits(duo))
    assert len(set(made)) == 80
