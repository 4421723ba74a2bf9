"""Users (Admin API facts §3)."""

import json
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.clock import START
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, ask, person, refusal, signed

pytestmark = STOCK_CLIENT


def names(users: Any) -> list[str]:
    return [user["username"] for user in users]


def test_a_look_up_by_name_finds_aliases_whatever_their_case_and_answers_a_list(duo: Duo, admin: Any) -> None:
    duo.add_person(person(aliases=("ana.old",)))
    for name in ("atorres", "ATORRES", "ana.old", "Ana.Old"):
        assert names(admin.get_users_by_name(name)) == ["atorres"]
    assert admin.get_users_by_name("nobody") == []
    assert admin.get_users_by_name("") == []


def test_a_look_up_by_email_finds_all_who_share_it(duo: Duo, admin: Any) -> None:
    duo.add_person(person("one", email="desk@example.edu"))
    duo.add_person(person("two", email="Desk@Example.edu"))
    assert names(admin.get_user_by_email("desk@example.edu")) == ["one", "two"]
    assert admin.get_user_by_email("none@example.edu") == []


def test_name_and_email_arent_to_be_combined(duo: Duo) -> None:
    asked = {"username": "atorres", "email": "atorres@example.edu"}
    assert ask(duo, signed("GET", "/admin/v1/users", asked))[1]["code"] == 40002


def test_look_ups_by_lists_of_names_and_ids_tell_each_user_once(duo: Duo, admin: Any) -> None:
    one, two = duo.add_person(person("one", aliases=("uno",))), duo.add_person(person("two"))
    assert names(admin.get_users_by_names(["two", "uno", "one", "none"])) == ["two", "one"]
    assert names(admin.get_users_by_ids([two, one, "DU1"])) == ["two", "one"]


@pytest.mark.parametrize("text", ["x", "{}", "[1]", json.dumps(["x"] * 101)])
def test_a_list_that_is_no_array_of_a_hundred_texts_at_most_is_40002(duo: Duo, text: str) -> None:
    assert ask(duo, signed("GET", "/admin/v1/users", {"username_list": text}))[1]["code"] == 40002


def test_a_user_has_all_documented_fields(duo: Duo, admin: Any) -> None:
    user = admin.get_user_by_id(duo.add_person(person("atorres", DuoPhone(NUMBER), tokens=1, webauthn=1)))
    assert user.keys() >= {
        *("user_id", "username", "alias1", "alias2", "alias3", "alias4", "aliases", "email", "realname", "firstname"),
        *(
            "lastname",
            "notes",
            "status",
            "lockout_reason",
            "is_enrolled",
            "enable_auto_prompt",
            "created",
            "last_login",
        ),
        *("last_directory_sync", "external_id", "groups", "phones", "tokens", "u2ftokens", "webauthncredentials"),
    }
    assert user["tokens"][0]["type"] == "h6"
    assert "users" not in user["phones"][0]


def test_a_user_is_created_with_names_and_address(admin: Any) -> None:
    made = admin.add_user(
        "new",
        email="new@example.edu",
        firstname="Ana",
        lastname="Torres",
        realname="Ana Torres",
        alias1="a",
        alias2="b",
    )
    assert made["status"] == "active"
    assert made["aliases"] == {"alias1": "a", "alias2": "b"}
    assert made["alias1"] == "a"
    assert made["created"] == int(START.timestamp())
    assert made["last_login"] is None
    assert admin.get_user_by_id(made["user_id"]) == made


def test_a_taken_name_or_alias_is_40003_and_nothing_is_made(duo: Duo, admin: Any) -> None:
    duo.add_person(person(aliases=("ana",)))
    assert refusal(lambda: admin.add_user("ATorres")) == 40003
    assert refusal(lambda: admin.add_user("ana")) == 40003
    assert refusal(lambda: admin.add_user("new", alias1="ana")) == 40003
    assert admin.get_users_by_name("new") == []
    assert names(admin.get_users()) == ["atorres"]


def test_modify_changes_what_it_names_and_leaves_the_rest(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person(aliases=("ana",)))
    changed = admin.update_user(user_id, username="ana2", email="ana2@example.edu", notes="moved")
    assert (changed["username"], changed["email"], changed["notes"]) == ("ana2", "ana2@example.edu", "moved")
    assert changed["realname"] == "Ana Torres"
    assert names(admin.get_users_by_name("ana")) == ["ana2"]
    assert admin.get_users_by_name("atorres") == []
    assert admin.get_user_by_email("atorres@example.edu") == []


def test_aliases_can_be_set_together_and_emptied(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person())
    assert admin.update_user(user_id, aliases="alias1=x&alias8=y")["aliases"] == {"alias1": "x", "alias8": "y"}
    assert admin.update_user(user_id, alias1="")["aliases"] == {"alias8": "y"}
    assert admin.get_users_by_name("x") == []
    assert admin.update_user(user_id, aliases="alias8=")["aliases"] == {}
    eight = {f"alias{number}": f"a{number}" for number in range(1, 9)}
    assert admin.update_user(user_id, aliases="&".join(f"{k}={v}" for k, v in eight.items()))["aliases"] == eight
    assert refusal(lambda: admin.update_user(user_id, aliases="alias9=z")) == 40002


def test_a_rename_to_a_taken_name_changes_nothing(duo: Duo, admin: Any) -> None:
    duo.add_person(person("one"))
    user_id = duo.add_person(person("two"))
    assert refusal(lambda: admin.update_user(user_id, username="one", email="x@example.edu")) == 40003
    assert admin.get_user_by_id(user_id)["email"] == "two@example.edu"


@pytest.mark.parametrize("status", ["active", "disabled", "bypass"])
def test_status_takes_three_words(duo: Duo, admin: Any, status: str) -> None:
    assert admin.update_user(duo.add_person(person()), status=status)["status"] == status


@pytest.mark.parametrize("status", ["locked out", "pending deletion", "gone"])
def test_the_systems_own_words_arent_taken_for_a_status(duo: Duo, admin: Any, status: str) -> None:
    user_id = duo.add_person(person())
    assert refusal(lambda: admin.update_user(user_id, status=status, notes="x")) == 40002
    assert admin.get_user_by_id(user_id)["notes"] == ""


def test_setting_active_unlocks(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person(status="locked out"))
    assert admin.get_user_by_id(user_id)["lockout_reason"] == "Failed Attempts"
    assert admin.update_user(user_id, status="active")["lockout_reason"] is None


def test_a_deleted_user_is_gone_with_codes_and_keys_and_deleting_again_is_no_error(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person("atorres", DuoPhone(NUMBER), webauthn=1))
    duo.issue_code("atorres")
    assert admin.delete_user(user_id) == ""
    assert admin.delete_user(user_id) == ""
    assert refusal(lambda: admin.get_user_by_id(user_id)) == 40401
    assert admin.get_bypass_codes() == []
    assert admin.get_webauthncredentials() == []
    assert admin.get_phones()[0]["users"] == []


def test_a_phone_is_attached_and_detached_and_again_changes_nothing(duo: Duo, admin: Any) -> None:
    user_id, phone_id = duo.add_person(person()), admin.add_phone(number=NUMBER)["phone_id"]
    for _ in range(2):
        assert admin.add_user_phone(user_id, phone_id) == ""
    assert [phone["phone_id"] for phone in admin.get_user_phones(user_id)] == [phone_id]
    for _ in range(2):
        assert admin.delete_user_phone(user_id, phone_id) == ""
    assert admin.get_user_phones(user_id) == []
    assert admin.get_phone_by_id(phone_id)["users"] == []
    assert refusal(lambda: admin.add_user_phone(user_id, "DP1")) == 40002


def test_is_enrolled_is_true_for_a_phone_that_never_worked(duo: Duo, admin: Any) -> None:
    without = admin.get_user_by_id(duo.add_person(person("one")))
    texts_only = admin.get_user_by_id(duo.add_person(person("two", DuoPhone(NUMBER))))
    assert without["is_enrolled"] is False
    assert texts_only["is_enrolled"] is True
    assert texts_only["phones"][0]["activated"] is False
    assert "push" not in texts_only["phones"][0]["capabilities"]


def test_a_groups_status_isnt_seen_in_the_user_object(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person(groups=("Duo Admins",)))
    duo.set_group_status("Duo Admins", "disabled")
    user = admin.get_user_by_id(user_id)
    assert user["status"] == "active"
    assert [group["name"] for group in user["groups"]] == ["Duo Admins"]
    assert "status" not in user["groups"][0]


def test_groups_are_listed_with_their_status_and_their_flags_are_false(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person(groups=("Staff", "Visitors")))
    duo.set_group_status("Visitors", "bypass")
    groups = admin.get_groups()
    assert {group["name"]: group["status"] for group in groups} == {"Staff": "active", "Visitors": "bypass"}
    assert not any(value for group in groups for name, value in group.items() if name.endswith("_enabled"))
    assert admin.get_group(groups[1]["group_id"], api_version=2)["name"] == "Visitors"
    assert [user["user_id"] for user in admin.get_group_users(groups[0]["group_id"])] == [user_id]
    assert admin.get_groups_by_group_ids([groups[0]["group_id"], "DG1"]) == [groups[0]]
    assert admin.get_user_groups(user_id) == groups
    assert refusal(lambda: admin.get_group("DG1", api_version=2)) == 40401


def test_the_101st_phone_of_a_user_is_50001(duo: Duo, admin: Any) -> None:
    phones = [DuoPhone(f"+1480555{number:04}") for number in range(100)]
    user_id = duo.add_person(person("atorres", *phones))
    phone_id = admin.add_phone(number="+16025550101")["phone_id"]
    assert refusal(lambda: admin.add_user_phone(user_id, phone_id)) == 50001
    assert admin.get_phone_by_id(phone_id)["users"] == []


def test_the_101st_user_of_a_phone_is_50001(duo: Duo, admin: Any) -> None:
    for number in range(100):
        duo.add_person(person(f"user{number}", DuoPhone(NUMBER)))
    (phone,) = admin.get_phones_by_number(NUMBER)
    user_id = duo.add_person(person())
    assert len(phone["users"]) == 100
    assert refusal(lambda: admin.add_user_phone(user_id, phone["phone_id"])) == 50001


def test_tokens_are_listed(duo: Duo, admin: Any) -> None:
    assert len(admin.get_user_tokens(duo.add_person(person(tokens=2)))) == 2
