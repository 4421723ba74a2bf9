"""People at the prompt: codes, lock-outs, statuses, devices (Admin API facts §3, §4, §9)."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.applications import PORTAL
from connectors.sandbox.duo.held import Nobody
from connectors.sandbox.duo.odd.wiped_codes import Wanted
from connectors.sandbox.duo.signature import Keys
from connectors.sandbox.people import DuoPhone, people
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, person, refusal

pytestmark = STOCK_CLIENT


def status(duo: Duo) -> object:
    user = duo.user("atorres")
    assert user is not None
    return user["status"]


def test_a_login_takes_one_use_of_the_code(duo: Duo, clock: Clock) -> None:
    duo.add_person(person(logged_in=False))
    code = duo.issue_code("atorres", uses=2)
    assert [duo.use_code("atorres", code) for _ in range(3)] == [True, True, False]
    user = duo.user("atorres")
    assert user is not None
    assert user["last_login"] == int(clock().timestamp())


def test_a_code_is_taken_until_the_second_it_expires(duo: Duo, clock: Clock) -> None:
    duo.add_person(person())
    code = duo.issue_code("atorres", valid_for=timedelta(hours=1), uses=None)
    clock.advance(timedelta(seconds=3599))
    assert duo.use_code("atorres", code)
    clock.advance(timedelta(seconds=1))
    assert not duo.use_code("atorres", code)


def test_a_code_is_taken_from_its_owner_only(duo: Duo) -> None:
    duo.add_person(person("one"))
    duo.add_person(person("two"))
    code = duo.issue_code("one")
    assert not duo.use_code("two", code)
    assert duo.use_code("one", code)


def test_failed_attempts_lock_out_and_then_no_code_helps(duo: Duo) -> None:
    duo.add_person(person())
    code = duo.issue_code("atorres")
    for _ in range(9):
        assert not duo.use_code("atorres", "000000000")
    assert status(duo) == "active"
    duo.use_code("atorres", "000000000")
    user = duo.user("atorres")
    assert user is not None
    assert (user["status"], user["lockout_reason"]) == ("locked out", "Failed Attempts")
    assert not duo.use_code("atorres", code)
    assert len(duo.codes("atorres")) == 1
    duo.set_status("atorres", "active")
    assert duo.use_code("atorres", code)


def test_a_good_login_forgets_the_failed_ones(duo: Duo) -> None:
    duo.add_person(person())
    duo.switches.lockout_threshold = 3
    code = duo.issue_code("atorres", uses=None)
    for _ in range(4):
        duo.use_code("atorres", "000000000")
        duo.use_code("atorres", "000000000")
        assert duo.use_code("atorres", code)


def test_a_lockout_ends_by_itself_only_where_settings_say_so(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person(status="locked out"))
    clock.advance(timedelta(days=1))
    assert admin.get_user_by_id(user_id)["status"] == "locked out"
    duo.switches.lockout_expires_after = timedelta(minutes=15)
    duo.set_status("atorres", "locked out")
    clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert admin.get_user_by_id(user_id)["status"] == "locked out"
    clock.advance(timedelta(seconds=1))
    user = admin.get_user_by_id(user_id)
    assert (user["status"], user["lockout_reason"]) == ("active", None)


@pytest.mark.parametrize("word", ["disabled", "bypass", "locked out", "pending deletion"])
def test_only_an_active_user_can_spend_a_code(duo: Duo, word: str) -> None:
    duo.add_person(person(status=word))
    assert not duo.use_code("atorres", duo.issue_code("atorres"))
    assert len(duo.codes("atorres")) == 1


@pytest.mark.parametrize("word", ["disabled", "bypass"])
def test_a_groups_status_overrides_the_users_own(duo: Duo, word: str) -> None:
    duo.add_person(person(groups=("Staff",)))
    duo.set_group_status("Staff", word)
    code = duo.issue_code("atorres")
    assert status(duo) == "active"
    assert not duo.use_code("atorres", code)
    duo.set_group_status("Staff", "active")
    assert duo.use_code("atorres", code)


def test_a_phone_is_added_by_qr_code_and_works_at_once(duo: Duo) -> None:
    duo.add_person(person())
    assert duo.add_phone("atorres", NUMBER, "google android")
    phone = duo.phone(NUMBER)
    assert phone is not None
    assert (phone["activated"], phone["platform"], phone["type"]) == (True, "Google Android", "Mobile")
    assert duo.approve_push("atorres")


def test_the_phone_on_record_is_the_one_that_is_added(duo: Duo, admin: Any) -> None:
    duo.add_person(person("atorres", DuoPhone(NUMBER)))
    assert duo.add_phone("atorres", NUMBER)
    (phone,) = admin.get_phones()
    assert phone["activated"] is True


def test_somebody_elses_number_cant_be_added(duo: Duo, admin: Any) -> None:
    duo.add_person(person("other", DuoPhone(NUMBER)))
    duo.add_person(person())
    assert not duo.add_phone("atorres", NUMBER)
    assert duo.phone(NUMBER) == admin.get_phones_by_number(NUMBER)[0]
    assert duo.add_phone("atorres", "")  # a tablet


def test_administrators_can_change_what_the_worker_doesnt(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person("atorres", DuoPhone(NUMBER)))
    duo.set_email("atorres", "changed@example.edu")
    duo.add_to_group("atorres", "Duo Admins")
    key = duo.register_key("atorres")
    duo.delete_phone(NUMBER)
    duo.delete_key(key)
    user = admin.get_user_by_id(user_id)
    assert user["email"] == "changed@example.edu"
    assert [group["name"] for group in user["groups"]] == ["Duo Admins"]
    assert (user["phones"], user["webauthncredentials"]) == ([], [])
    duo.delete_user("atorres")
    assert refusal(lambda: admin.get_user_by_id(user_id)) == 40401


def test_acts_on_what_isnt_there_are_mistakes_of_the_caller(duo: Duo) -> None:
    duo.add_person(person())
    assert duo.user("nobody") is None
    assert duo.phone(NUMBER) is None
    for act in (
        lambda: duo.use_code("nobody", "1"),
        lambda: duo.use_code("atorres", "1", application="DI1"),
        lambda: duo.codes("nobody"),
        lambda: duo.delete_phone(NUMBER),
        lambda: duo.delete_key("WA1"),
    ):
        with pytest.raises(Nobody):
            act()
    assert duo.use_code("atorres", "1", application=PORTAL) is False


def test_what_is_seen_is_a_copy(duo: Duo) -> None:
    duo.add_person(person())
    code = duo.issue_code("atorres", uses=2)
    (before,) = duo.all_codes()
    duo.use_code("atorres", code)
    assert before.remaining_uses == 2
    assert code not in repr(before)


def test_nothing_that_prints_shows_a_secret(duo: Duo) -> None:
    duo.add_person(person())
    code = duo.issue_code("atorres")
    wanted = Wanted(codes=(code,))
    assert code not in repr((duo.codes("atorres"), wanted))
    assert "s3cret" not in repr(Keys("DI", "s3cret"))


def test_every_kind_of_the_sandboxs_people_fits_in(duo: Duo) -> None:
    crowd = people(3, 32)
    for one in crowd:
        assert bool(duo.add_person(one)) is (one.duo is not None)
    by_kind = {one.kind: one for one in crowd[:16]}
    shared = duo.phone(by_kind["shared_phone"].number)
    assert shared is not None
    assert isinstance(shared["users"], list)
    assert len(shared["users"]) == 2
    never = duo.user(by_kind["never_logged_in"].user_name)
    assert never is not None
    assert never["last_login"] is None
