"""Duo Mobile activation and its texts (Admin API facts §5)."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.held import Nobody
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, ask, person, refusal, signed

pytestmark = STOCK_CLIENT

INSTALL_TEXT = "Welcome to Duo! To install the Duo Mobile app, click this link: http://m-sandbox.duosecurity.com"


def phone_id(duo: Duo, phone: DuoPhone) -> str:
    duo.add_person(person("atorres", phone))
    known = duo.phone(phone.number)
    assert known is not None
    return str(known["phone_id"])


@pytest.fixture
def mobile(duo: Duo) -> str:
    """The id of a person's smartphone on which the app was never activated."""
    return phone_id(duo, DuoPhone(NUMBER, "google android"))


def test_a_text_with_the_link_is_sent_and_the_answer_tells_it(duo: Duo, admin: Any, mobile: str, clock: Clock) -> None:
    told = admin.send_sms_activation_to_phone(mobile, valid_secs=3600)
    (text,) = duo.texts
    assert text.kind == "activation"
    assert text.number == NUMBER
    assert text.body == told["activation_msg"] == f"To activate the Duo Mobile app, click this link: {text.link}"
    assert text.link.startswith("https://m-sandbox.duosecurity.com/iphone/")
    assert text.expires == clock() + timedelta(hours=1)
    assert told["valid_secs"] == 3600
    assert told["activation_barcode"].startswith("https://api-sandbox.duosecurity.com/frame/qr?value=duo%3A%2F%2F")
    assert "installation_msg" not in told


def test_install_sends_one_text_more_before_it(duo: Duo, admin: Any, mobile: str) -> None:
    told = admin.send_sms_activation_to_phone(mobile, install=True)
    assert [text.kind for text in duo.texts] == ["installation", "activation"]
    assert told["installation_msg"] == duo.texts[0].body == INSTALL_TEXT
    assert told["valid_secs"] == 86_400


def test_an_activation_url_sends_nothing(duo: Duo, admin: Any, mobile: str) -> None:
    told = admin.create_activation_url(mobile)
    assert told.keys() == {"activation_url", "activation_barcode", "valid_secs"}
    assert admin.create_activation_url(mobile, install=True)["installation_url"] == "http://m-sandbox.duosecurity.com"
    assert duo.texts == ()
    assert duo.activate("atorres", NUMBER)


def test_the_installation_text_activates_nothing(duo: Duo, admin: Any, mobile: str) -> None:
    assert admin.send_sms_installation(mobile) == {"installation_msg": INSTALL_TEXT}
    assert [text.kind for text in duo.texts] == ["installation"]
    assert not duo.activate("atorres", NUMBER)


def test_passcodes_by_text_have_no_answer(duo: Duo, mobile: str) -> None:
    assert ask(duo, signed("POST", f"/admin/v1/phones/{mobile}/send_sms_passcodes", {}))[1]["response"] == ""
    assert [text.kind for text in duo.texts] == ["passcodes"]
    phone = duo.phone(NUMBER)
    assert phone is not None
    assert phone["sms_passcodes_sent"] is True


@pytest.mark.parametrize("phone", [DuoPhone(NUMBER), DuoPhone(NUMBER, "apple ios", type="unknown")])
@pytest.mark.parametrize("call", ["send_sms_activation_to_phone", "create_activation_url", "send_sms_installation"])
def test_every_call_is_refused_while_type_or_platform_is_unknown(
    duo: Duo, admin: Any, phone: DuoPhone, call: str
) -> None:
    unknown = phone_id(duo, phone)
    assert refusal(lambda: getattr(admin, call)(unknown)) == 40002
    duo.switches.unknown_phone = 40003
    assert refusal(lambda: getattr(admin, call)(unknown)) == 40003
    assert duo.texts == ()
    admin.update_phone(unknown, type="mobile", platform="generic smartphone")
    getattr(admin, call)(unknown)


def test_a_landline_and_a_tablet_cant_be_texted(duo: Duo, admin: Any) -> None:
    landline = phone_id(duo, DuoPhone(NUMBER, "generic smartphone", type="landline"))
    tablet = admin.add_phone(type="mobile", platform="apple ios")["phone_id"]
    assert refusal(lambda: admin.send_sms_activation_to_phone(landline)) == 40002
    assert refusal(lambda: admin.send_sms_activation_to_phone(tablet)) == 40002
    assert admin.create_activation_url(tablet)["valid_secs"] == 86_400


def test_activation_gives_the_app_its_capabilities_and_finds_the_real_platform(
    duo: Duo, admin: Any, clock: Clock
) -> None:
    generic = phone_id(duo, DuoPhone(NUMBER, "generic smartphone"))
    admin.send_sms_activation_to_phone(generic)
    assert duo.activate("atorres", "480-555-0101", "apple ios")
    phone = admin.get_phone_by_id(generic)
    assert phone["activated"] is True
    assert phone["platform"] == "Apple iOS"
    assert {"push", "mobile_otp"} <= set(phone["capabilities"])
    assert phone["last_seen"] == clock().strftime("%Y-%m-%dT%H:%M:%S")


def test_a_link_works_once_and_not_after_its_time(duo: Duo, admin: Any, mobile: str, clock: Clock) -> None:
    assert not duo.activate("atorres", NUMBER)
    admin.send_sms_activation_to_phone(mobile, valid_secs=60)
    clock.advance(timedelta(seconds=60))
    assert not duo.activate("atorres", NUMBER)
    admin.send_sms_activation_to_phone(mobile, valid_secs=60)
    clock.advance(timedelta(seconds=59))
    assert duo.activate("atorres", NUMBER)
    assert not duo.activate("atorres", NUMBER)


def test_only_an_owner_of_the_phone_can_follow_the_link(duo: Duo, admin: Any, mobile: str) -> None:
    duo.add_person(person("other"))
    admin.send_sms_activation_to_phone(mobile)
    assert not duo.activate("other", NUMBER)
    with pytest.raises(Nobody):
        duo.activate("atorres", "+14805550199")
    with pytest.raises(Nobody):
        duo.activate("nobody", NUMBER)


@pytest.mark.parametrize("call", ["send_sms_activation_to_phone", "create_activation_url"])
def test_a_new_activation_kills_the_working_app_at_once(duo: Duo, admin: Any, call: str) -> None:
    working = phone_id(duo, DuoPhone(NUMBER, "apple ios", activated=True))
    assert duo.approve_push("atorres")
    getattr(admin, call)(working)
    phone = admin.get_phone_by_id(working)
    assert phone["activated"] is False
    assert "push" not in phone["capabilities"]
    assert not duo.approve_push("atorres")


def test_a_refused_activation_leaves_the_app_alone(duo: Duo, admin: Any) -> None:
    working = phone_id(duo, DuoPhone(NUMBER, "apple ios", activated=True))
    for wrong in ({"valid_secs": "x"}, {"activation_msg": "no mark", "install": True}):
        assert refusal(partial(admin.send_sms_activation_to_phone, working, **wrong)) == 40002
    assert admin.get_phone_by_id(working)["activated"] is True


def test_whether_a_second_link_is_refused_while_the_first_lives_is_a_switch(
    duo: Duo, admin: Any, mobile: str, clock: Clock
) -> None:
    admin.send_sms_activation_to_phone(mobile, valid_secs=60)
    admin.send_sms_activation_to_phone(mobile, valid_secs=60)
    assert len(duo.texts) == 2
    duo.switches.repeated_activation = 40002
    assert refusal(lambda: admin.send_sms_activation_to_phone(mobile)) == 40002
    clock.advance(timedelta(seconds=60))
    admin.send_sms_activation_to_phone(mobile)


def test_texts_that_policy_keeps_from_arriving_are_answered_ok(duo: Duo, admin: Any, mobile: str) -> None:
    duo.switches.texts_arrive = False
    assert "activation_msg" in admin.send_sms_activation_to_phone(mobile)
    assert duo.texts == ()


def test_own_texts_need_their_mark_their_install_and_160_characters_at_most(duo: Duo, admin: Any, mobile: str) -> None:
    told = admin.send_sms_activation_to_phone(
        mobile, install=True, installation_msg="Get <insturl>", activation_msg="Tap <acturl>"
    )
    assert told["installation_msg"] == "Get http://m-sandbox.duosecurity.com"
    assert told["activation_msg"] == f"Tap {duo.texts[-1].link}"
    for wrong in (
        {"activation_msg": "Tap"},
        {"installation_msg": "Get <insturl>"},
        {"install": True, "installation_msg": "Get"},
        {"activation_msg": "x" * 120 + "<acturl>"},
    ):
        assert refusal(partial(admin.send_sms_activation_to_phone, mobile, **wrong)) == 40002
    assert len(duo.texts) == 2
