"""Which of a person's devices are new, and of what kind."""

from dataclasses import replace

import pytest

from connectors.duo.model import User, WebAuthnCredential
from tests.builders import NOW, a_phone, a_user, a_working_phone
from worker.devices import baseline, is_wanted, new_devices


def a_key(**says: object) -> WebAuthnCredential:
    return replace(WebAuthnCredential("WA1", date_added=NOW), **says)  # type: ignore[arg-type]  # names of its fields


def kinds(before: User | None, after: User) -> list[str]:
    return [device.kind for device in new_devices(after, baseline(before))]


def test_somebody_who_has_nothing_new_has_no_new_device() -> None:
    user = a_user(phones=(a_working_phone(),), webauthn_credentials=(a_key(),), token_ids=("DT1",))
    assert kinds(user, user) == []


def test_a_phone_is_new_once_its_app_is_activated() -> None:
    assert kinds(a_user(), a_user(phones=(a_phone(), a_phone("+14805550111")))) == []
    assert kinds(a_user(), a_user(phones=(a_working_phone(),))) == ["phone"]
    assert kinds(None, a_user(phones=(a_working_phone(),))) == ["phone"]


def test_an_app_that_was_activated_and_of_no_use_is_new_once_it_can_log_in() -> None:
    stuck = a_phone(activated=True)
    assert kinds(a_user(phones=(stuck,)), a_user(phones=(stuck,))) == [], "nothing has changed yet"
    assert kinds(a_user(phones=(stuck,)), a_user(phones=(a_working_phone(),))) == ["phone"]


def test_what_was_noted_before_it_was_noted_what_works_is_compared_as_it_was_then() -> None:
    noted = baseline(a_user(phones=(a_phone(activated=True),)))
    del noted["working"]
    assert new_devices(a_user(phones=(a_working_phone(),)), noted) == []


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ({"registered_as": "cross-platform", "transports": ("usb", "nfc")}, "key"),
        ({"registered_as": "cross-platform", "transports": ("internal", "hybrid")}, "passkey"),
        ({"registered_as": "cross-platform", "transports": ("hybrid", "usb")}, "key"),
        ({"registered_as": "platform"}, "passkey"),
        ({"registered_as": "unknown"}, "key"),
        ({}, "key"),
    ],
)
def test_a_passkey_is_told_from_a_hardware_key_where_duo_says_so(says: dict[str, object], kind: str) -> None:
    (device,) = new_devices(a_user(webauthn_credentials=(a_key(**says),)), baseline(a_user()))
    assert device.kind == kind
    assert is_wanted(device, "key.bypass_code") is (kind == "key")
    assert not is_wanted(device, "mobile.bypass_code")


def test_a_token_is_a_device_that_no_option_asks_for() -> None:
    (device,) = new_devices(a_user(token_ids=("DT1",)), baseline(a_user()))
    assert not is_wanted(device, "key.bypass_code")
