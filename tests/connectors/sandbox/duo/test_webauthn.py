"""Security keys and passkeys (Admin API facts §7)."""

from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.failures import Failure
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.duo.asking import STOCK_CLIENT, person, refusal

pytestmark = STOCK_CLIENT


def test_a_registered_key_is_seen_in_the_user_and_in_the_lists(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person())
    key = duo.register_key("atorres", "Blue key")
    (listed,) = admin.get_user_webauthncredentials(user_id)
    assert listed["webauthnkey"] == key
    assert (listed["credential_name"], listed["label"], listed["registered_as"]) == (
        "Blue key",
        "Security Key",
        "cross-platform",
    )
    assert listed["date_added"] == int(clock().timestamp())
    assert listed["date_last_used"] is None
    assert listed["user"]["user_id"] == user_id
    assert admin.get_webauthncredentials() == [listed]
    assert admin.get_webauthncredential_by_id(key) == listed
    assert admin.get_user_by_id(user_id)["webauthncredentials"][0]["webauthnkey"] == key
    assert admin.get_user_by_id(user_id)["is_enrolled"] is True


def test_a_passkey_on_a_device_is_told_from_a_key(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person())
    duo.register_key("atorres", "Phone", "platform", transports=("internal",))
    (listed,) = admin.get_user_webauthncredentials(user_id)
    assert (listed["registered_as"], listed["transports"], listed["label"]) == ("platform", ["internal"], "Touch ID")


def test_older_accounts_tell_four_fields_only(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person(webauthn=1))
    duo.switches.sparse_credentials = True
    (listed,) = admin.get_user_by_id(user_id)["webauthncredentials"]
    assert listed.keys() == {"webauthnkey", "credential_name", "label", "date_added"}


def test_deleting_a_key_twice_is_no_error(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person(webauthn=1))
    (listed,) = admin.get_user_webauthncredentials(user_id)
    for _ in range(2):
        assert admin.delete_webauthncredential(listed["webauthnkey"]) == ""
    assert refusal(lambda: admin.get_webauthncredential_by_id(listed["webauthnkey"])) == 40401
    assert admin.get_user_by_id(user_id)["is_enrolled"] is False


def test_the_101st_key_cant_be_registered(duo: Duo) -> None:
    duo.add_person(person(webauthn=100))
    with pytest.raises(Failure, match="50001"):
        duo.register_key("atorres")
