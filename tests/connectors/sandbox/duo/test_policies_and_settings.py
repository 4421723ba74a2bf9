"""Policies and settings (Admin API facts §9)."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.applications import PORTAL, SIGN_ON
from connectors.sandbox.duo.held import Nobody
from connectors.sandbox.duo.switches import Grant
from tests.connectors.sandbox.duo.asking import STOCK_CLIENT, person, refusal

pytestmark = STOCK_CLIENT


def test_texts_and_calls_are_blocked_and_codes_and_keys_arent(duo: Duo, admin: Any) -> None:
    told = admin.calculate_policy(PORTAL, duo.add_person(person()))
    methods = told["sections"]["authentication_methods"]
    assert {"sms", "phonecall"} <= set(methods["blocked_auth_list"])
    assert {"bypass", "webauthn-roaming", "duo-push"} <= set(methods["allowed_auth_list"])
    assert told["sections"]["new_user"] == {"new_user_behavior": "enroll"}
    assert "policy_elements" in told


def test_a_policy_is_one_applications(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person())
    duo.set_policy(SIGN_ON, blocked=("bypass",), new_user="deny")
    sections = admin.calculate_policy(SIGN_ON, user_id)["sections"]
    assert sections["authentication_methods"]["blocked_auth_list"] == ["bypass"]
    assert sections["new_user"] == {"new_user_behavior": "deny"}
    assert admin.calculate_policy(PORTAL, user_id)["sections"]["new_user"] == {"new_user_behavior": "enroll"}


def test_lists_may_arrive_as_one_text_with_commas(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person())
    duo.switches.policy_lists_as_text = True
    methods = admin.calculate_policy(PORTAL, user_id)["sections"]["authentication_methods"]
    assert methods["blocked_auth_list"] == "desktop,phonecall,sms"


def test_an_unknown_application_or_user_is_40401(duo: Duo, admin: Any) -> None:
    user_id = duo.add_person(person())
    assert refusal(lambda: admin.calculate_policy("DI000000000000000000", user_id)) == 40401
    assert refusal(lambda: admin.calculate_policy(PORTAL, "DU000000000000000000")) == 40401
    with pytest.raises(Nobody):
        duo.set_policy("DI000000000000000000", new_user="deny")


def test_a_blocked_code_is_useless_at_that_application(duo: Duo) -> None:
    duo.add_person(person())
    duo.set_policy(SIGN_ON, blocked=("bypass",))
    code = duo.issue_code("atorres")
    assert not duo.use_code("atorres", code, application=SIGN_ON)
    assert duo.use_code("atorres", code, application=PORTAL)


def test_settings_cant_tell_that_texts_are_off(duo: Duo, admin: Any) -> None:
    duo.grants.add(Grant.SETTINGS)
    assert admin.get_settings()["lockout_expire_duration"] == 0
    duo.switches.lockout_expires_after = timedelta(minutes=15)
    told = admin.get_settings()
    assert told["sms_enabled"] is True
    assert told["voice_enabled"] is True
    assert (told["lockout_threshold"], told["lockout_expire_duration"]) == (10, 15)
    assert told["helpdesk_bypass"] == "allow"
