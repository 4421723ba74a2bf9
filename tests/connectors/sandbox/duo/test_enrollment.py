"""`users/enroll` and the link it mails (Admin API facts §6)."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, ask, person, refusal, signed

pytestmark = STOCK_CLIENT


def test_an_absent_user_is_created_and_mailed_and_the_answer_is_the_code(duo: Duo, admin: Any, clock: Clock) -> None:
    code = admin.enroll_user("new", "new@example.edu")
    (mail,) = duo.enrollment_mails
    assert isinstance(code, str)
    assert len(code) == 16
    assert (mail.to, mail.code, mail.username) == ("new@example.edu", code, "new")
    assert mail.link.startswith(f"https://api-sandbox.duosecurity.com/portal?code={code}&akey=")
    assert mail.expires == clock() + timedelta(days=30)
    assert admin.get_users_by_name("new")[0]["email"] == "new@example.edu"


def test_a_user_without_devices_is_mailed_at_the_address_of_the_call(duo: Duo, admin: Any) -> None:
    duo.add_person(person())
    admin.enroll_user("atorres", "elsewhere@example.org", valid_secs=0)
    (mail,) = duo.enrollment_mails
    assert (mail.to, mail.expires) == ("elsewhere@example.org", None)
    assert admin.get_users_by_name("atorres")[0]["email"] == "atorres@example.edu"


@pytest.mark.parametrize(
    "devices", [{"phones": (DuoPhone(NUMBER),)}, {"webauthn": 1}, {"tokens": 1}], ids=["phone", "key", "token"]
)
def test_a_user_with_any_device_is_refused_by_a_code_that_is_a_switch(
    duo: Duo, admin: Any, devices: dict[str, Any]
) -> None:
    duo.add_person(person("atorres", *devices.pop("phones", ()), aliases=("ana",), **devices))
    assert refusal(lambda: admin.enroll_user("atorres", "a@example.edu")) == 40002
    assert refusal(lambda: admin.enroll_user("ana", "a@example.edu")) == 40002
    duo.switches.enroll_with_device = 40003
    assert refusal(lambda: admin.enroll_user("atorres", "a@example.edu")) == 40003
    assert duo.enrollment_mails == ()


def test_where_it_isnt_refused_the_mail_still_helps_nobody_with_a_device(duo: Duo, admin: Any) -> None:
    duo.add_person(person("atorres", DuoPhone(NUMBER)))
    duo.switches.enroll_with_device = None
    code = admin.enroll_user("atorres", "a@example.edu")
    assert len(duo.enrollment_mails) == 1
    assert not duo.follow_enrollment_link(code)


def test_whether_a_user_without_devices_is_refused_is_a_switch(duo: Duo, admin: Any) -> None:
    duo.add_person(person())
    duo.switches.enroll_without_device = 40002
    assert refusal(lambda: admin.enroll_user("atorres", "a@example.edu")) == 40002


def test_the_link_registers_a_key_while_it_lives(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person())
    code = admin.enroll_user("atorres", "a@example.edu", 3600)
    clock.advance(timedelta(seconds=3599))
    assert not duo.follow_enrollment_link("0" * 16)
    assert duo.follow_enrollment_link(code, "Blue key")
    assert [key["credential_name"] for key in admin.get_user_webauthncredentials(user_id)] == ["Blue key"]
    assert not duo.follow_enrollment_link(code)


def test_a_lapsed_link_registers_nothing(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person())
    code = admin.enroll_user("atorres", "a@example.edu", 3600)
    clock.advance(timedelta(seconds=3600))
    assert not duo.follow_enrollment_link(code)
    assert admin.get_user_webauthncredentials(user_id) == []


def test_name_and_address_are_required(duo: Duo) -> None:
    for asked in ({"username": "x"}, {"email": "x@example.edu"}, {"username": "", "email": "x@example.edu"}):
        assert ask(duo, signed("POST", "/admin/v1/users/enroll", asked))[1]["code"] == 40001
    assert duo.user("x") is None
