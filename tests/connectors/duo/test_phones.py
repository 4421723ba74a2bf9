"""Phones: whose number it is, and the activation text."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.duo import phones
from connectors.errors import Refused, Unavailable, Uncertain
from tests.connectors.duo.callers import PHONE_ID, USER_ID, admin, failed, ok, phone
from tests.connectors.scripted import Scripted, everything_shown

NUMBER = "+14805550123"
HOUR = timedelta(hours=1)


def test_a_phone_is_found_by_its_number_with_its_users(scripted: Scripted) -> None:
    scripted.answer(ok([phone(users=[{"user_id": USER_ID}])]))
    found = phones.by_number(admin(scripted.port, scripted.ca_file), NUMBER)
    assert found is not None
    assert found.user_ids == (USER_ID,)
    assert scripted.asked[0].raw_query == "number=%2B14805550123"


def test_a_number_nobody_has_is_none(scripted: Scripted) -> None:
    scripted.answer(ok([]))
    assert phones.by_number(admin(scripted.port, scripted.ca_file), NUMBER) is None


def test_another_number_than_was_asked_for_is_no_answer(scripted: Scripted) -> None:
    scripted.answer(ok([phone(number="+14805550124")]))
    with pytest.raises(Unavailable, match="another number"):
        phones.by_number(admin(scripted.port, scripted.ca_file), NUMBER)


def test_several_phones_of_one_number_are_not_chosen_from(scripted: Scripted) -> None:
    scripted.answer(ok([phone(), phone(phone_id="DP00000000000000000X", extension="12")]))
    with pytest.raises(Refused):
        phones.by_number(admin(scripted.port, scripted.ca_file), NUMBER)


@pytest.mark.parametrize(
    "number", ["", "4805550123", "+0123456", "+1480555012a", "+1480555^123", "+١٤٨٠٥٥٥", NUMBER + "\n"]
)
def test_what_is_no_number_with_its_country_is_never_sent(scripted: Scripted, number: str) -> None:
    with pytest.raises(Refused):
        phones.by_number(admin(scripted.port, scripted.ca_file), number)
    with pytest.raises(Refused):
        phones.create(admin(scripted.port, scripted.ca_file), number=number, platform="apple ios")
    assert not scripted.asked


def test_a_phone_is_read_by_its_id(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(ok(phone()))
    found = phones.read(client, PHONE_ID)
    assert found is not None
    assert found.phone_id == PHONE_ID
    scripted.answer(failed(40401))
    assert phones.read(client, PHONE_ID) is None
    scripted.answer(ok(phone(phone_id="DP00000000000000000X")))
    with pytest.raises(Unavailable, match="another phone"):
        phones.read(client, PHONE_ID)
    scripted.answer(failed(40301))
    with pytest.raises(Exception, match="forbidden"):
        phones.read(client, PHONE_ID)


def test_a_tablet_has_no_number(scripted: Scripted) -> None:
    scripted.answer(ok(phone(number=None, type=None, platform=None)))
    found = phones.read(admin(scripted.port, scripted.ca_file), PHONE_ID)
    assert found is not None
    assert (found.number, found.type, found.platform) == ("", "unknown", "unknown")


def test_a_phone_is_made_mobile(scripted: Scripted) -> None:
    scripted.answer(ok(phone()))
    made = phones.create(admin(scripted.port, scripted.ca_file), number=NUMBER, platform="apple ios")
    assert made.phone_id == PHONE_ID
    assert scripted.asked[0].body == b'{"number":"+14805550123","platform":"apple ios","type":"mobile"}'


def test_a_number_that_duo_has_is_refused_with_its_code(scripted: Scripted) -> None:
    scripted.answer(failed(40003, "Duplicate resource"))
    with pytest.raises(Refused) as raised:
        phones.create(admin(scripted.port, scripted.ca_file), number=NUMBER, platform="apple ios")
    assert raised.value.code == "40003"


def test_a_made_phone_with_another_number_is_uncertain(scripted: Scripted) -> None:
    scripted.answer(ok(phone(number="+14805550124")))
    with pytest.raises(Uncertain):
        phones.create(admin(scripted.port, scripted.ca_file), number=NUMBER, platform="apple ios")


def test_a_platform_is_set_together_with_the_type(scripted: Scripted) -> None:
    scripted.answer(ok(phone(platform="Google Android")))
    phones.set_platform(admin(scripted.port, scripted.ca_file), PHONE_ID, "google android")
    assert scripted.asked[0].body == b'{"platform":"google android","type":"mobile"}'


@pytest.mark.parametrize("row", [phone(platform="Unknown"), phone(phone_id="DP00000000000000000X")])
def test_a_platform_that_was_not_set_is_uncertain(scripted: Scripted, row: dict[str, Any]) -> None:
    scripted.answer(ok(row))
    with pytest.raises(Uncertain):
        phones.set_platform(admin(scripted.port, scripted.ca_file), PHONE_ID, "apple ios")


def test_a_platform_the_app_does_not_run_on_is_a_bug(scripted: Scripted) -> None:
    with pytest.raises(ValueError, match="palm"):
        phones.set_platform(admin(scripted.port, scripted.ca_file), PHONE_ID, "palm webos")


def test_the_text_has_both_links_and_its_own_end(scripted: Scripted) -> None:
    scripted.answer(ok({"activation_msg": "click https://m-x.duosecurity.com/iphone/7dmi4Oowz5g3J47FARLs"}))
    client = admin(scripted.port, scripted.ca_file)
    phones.text_activation(client, PHONE_ID, valid_for=HOUR)
    assert scripted.asked[0].path == f"/admin/v1/phones/{PHONE_ID}/send_sms_activation"
    assert scripted.asked[0].body == b'{"install":"1","valid_secs":"3600"}'


def test_a_refused_text_has_duos_words(scripted: Scripted) -> None:
    scripted.answer(failed(40002, "Invalid request parameters", "platform"))
    with pytest.raises(Refused, match="platform"):
        phones.text_activation(admin(scripted.port, scripted.ca_file), PHONE_ID, valid_for=HOUR)


def test_a_lost_answer_to_a_text_shows_no_link(scripted: Scripted) -> None:
    scripted.answer(ok({"activation_msg": "https://m-x.duosecurity.com/iphone/7dmi4Oowz5g3J47FARLs"}, stat="?"))
    with pytest.raises(Uncertain) as raised:
        phones.text_activation(admin(scripted.port, scripted.ca_file), PHONE_ID, valid_for=HOUR)
    assert "7dmi4Oowz5g3J47FARLs" not in everything_shown(raised.value)
