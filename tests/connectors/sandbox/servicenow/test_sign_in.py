"""Signing in: basic authentication, OAuth tokens, and how each is refused (ServiceNow facts §6)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from connectors.sandbox.messages import Request
from connectors.sandbox.servicenow import ServiceNow
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.servicenow.asking import JSON, Answer, Asker, account, basic

NOT_AUTHENTICATED = (401, "User Not Authenticated", "Required to provide Auth information")


def token(servicenow: ServiceNow, **form: str) -> Answer:
    credentials = servicenow.credentials
    client = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    return Answer(servicenow.app(Request("POST", "/oauth_token.do", body=urlencode({**client, **form}).encode())))


def by_password(servicenow: ServiceNow, **form: str) -> Answer:
    credentials = servicenow.credentials
    user = {"username": credentials.user_name, "password": credentials.password}
    return token(servicenow, grant_type="password", **{**user, **form})


def reads(servicenow: ServiceNow, access: str) -> int:
    headers = {**JSON, "authorization": f"Bearer {access}"}
    return servicenow.app(Request("GET", "/api/now/table/sc_task", headers=headers)).status


def test_an_access_token_opens_the_table_api(servicenow: ServiceNow) -> None:
    answer = token(servicenow, grant_type="client_credentials").json
    assert set(answer) == {"access_token", "scope", "token_type", "expires_in"}
    assert (answer["scope"], answer["token_type"], answer["expires_in"]) == ("useraccount", "Bearer", 1799)
    assert reads(servicenow, answer["access_token"]) == 200


def test_client_credentials_runs_as_the_user_of_the_application(servicenow: ServiceNow, api: Asker) -> None:
    access = token(servicenow, grant_type="client_credentials").json["access_token"]
    servicenow.file_request("alee", {})
    (task,) = api.rows("sc_task", fields="sys_id")
    headers = {**JSON, "authorization": f"Bearer {access}"}
    path = f"/api/now/table/sc_task/{task['sys_id']}"
    servicenow.app(Request("PATCH", path, headers=headers, body=b'{"work_notes": "seen"}'))
    assert servicenow.journal(task["sys_id"])[0].author == "duo.worker"


def test_asking_again_inside_the_lifetime_gives_the_same_token_with_what_is_left(
    servicenow: ServiceNow, clock: Clock
) -> None:
    """§6.2."""
    first = token(servicenow, grant_type="client_credentials").json
    clock.advance(timedelta(minutes=29))
    second = token(servicenow, grant_type="client_credentials").json
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] == 59


def test_a_token_ends_with_its_life(servicenow: ServiceNow, clock: Clock) -> None:
    servicenow.switch(token_life=timedelta(minutes=5))
    first = token(servicenow, grant_type="client_credentials").json["access_token"]
    clock.advance(timedelta(minutes=5))
    assert reads(servicenow, first) == 401
    assert token(servicenow, grant_type="client_credentials").json["access_token"] != first


def test_tokens_can_be_ended_at_once(servicenow: ServiceNow) -> None:
    access = token(servicenow, grant_type="client_credentials").json["access_token"]
    servicenow.expire_tokens()
    assert reads(servicenow, access) == 401


def test_a_refresh_token_gives_a_new_access_token(servicenow: ServiceNow) -> None:
    first = by_password(servicenow).json
    servicenow.expire_tokens()
    second = token(servicenow, grant_type="refresh_token", refresh_token=first["refresh_token"]).json
    assert second["refresh_token"] == first["refresh_token"]
    assert reads(servicenow, second["access_token"]) == 200


def test_a_refresh_token_ends_too(servicenow: ServiceNow, clock: Clock) -> None:
    first = by_password(servicenow).json
    clock.advance(timedelta(days=101))
    refused = token(servicenow, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (refused.status, refused.json["error"]) == (401, "invalid_grant")


def test_the_client_may_name_itself_in_the_header(servicenow: ServiceNow) -> None:
    credentials = servicenow.credentials
    headers = {"authorization": basic(credentials.client_id, credentials.client_secret)}
    request = Request("POST", "/oauth_token.do", headers=headers, body=b"grant_type=client_credentials")
    assert servicenow.app(request).status == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "client_credentials", "client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "unknown"}, "invalid_client"),
        ({"grant_type": "password", "username": "duo.worker", "password": "wrong"}, "invalid_grant"),
        ({"grant_type": "password"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": ""}, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}, "unsupported_grant_type"),
    ],
)
def test_what_is_wrong_with_a_token_request_is_told(servicenow: ServiceNow, form: dict[str, str], error: str) -> None:
    answer = token(servicenow, **form)
    assert answer.status == 401
    assert answer.json == {"error": error, "error_description": "access_denied"}


@pytest.mark.parametrize(
    "fields",
    [{"active": "false"}, {"locked_out": "true"}, {"web_service_access_only": "true"}],
    ids=["inactive", "locked out", "not interactive"],
)
def test_the_password_grant_needs_a_user_who_may_sign_in(servicenow: ServiceNow, fields: dict[str, str]) -> None:
    """§6.2."""
    servicenow.set_user("duo.worker", **fields)
    assert by_password(servicenow).json["error"] == "invalid_grant"


def test_client_credentials_needs_a_user_who_is_active(servicenow: ServiceNow) -> None:
    servicenow.set_user("duo.worker", active="false")
    assert token(servicenow, grant_type="client_credentials").json["error"] == "invalid_grant"


def test_the_password_grant_can_be_disabled(servicenow: ServiceNow) -> None:
    servicenow.switch(password_grant_disabled=True)
    assert by_password(servicenow).json["error"] == "invalid_grant"


@pytest.mark.parametrize("header", ["", "Basic !!!", "Bearer nonsense", "Digest x", basic("duo.worker", "wrong")])
def test_without_valid_credentials_nothing_is_answered(api: Asker, header: str) -> None:
    """§3.6."""
    api.authorization = header
    assert api.listed("sc_task").error == NOT_AUTHENTICATED


def test_basic_authentication_can_be_restricted_to_a_role(servicenow: ServiceNow, api: Asker) -> None:
    """§6.1: without the role even an admin gets 401."""
    servicenow.set_password("admin", "admin's")
    allowed = account(servicenow, "itil", "snc_basic_auth_api_access")
    servicenow.switch(basic_auth_restricted=True)
    assert api.listed("sc_task").error == NOT_AUTHENTICATED
    assert Asker(servicenow, "admin", "admin's").listed("sc_task").status == 401
    assert allowed.listed("sc_task").status == 200


def test_a_password_that_needs_a_reset_is_refused(servicenow: ServiceNow, api: Asker) -> None:
    """§6.1."""
    servicenow.set_user("duo.worker", password_needs_reset="true")
    assert api.listed("sc_task").status == 401


def test_multi_factor_for_apis_is_told_by_a_header(servicenow: ServiceNow, api: Asker) -> None:
    """§6.1."""
    servicenow.switch(multi_factor=True)
    assert api.listed("sc_task").headers["X-MFA_TOKEN"] == "invalid"


def test_wrong_passwords_can_lock_the_account(servicenow: ServiceNow, api: Asker) -> None:
    """§6.1."""
    servicenow.switch(locked_after=3)
    wrong = Asker(servicenow, "duo.worker", "wrong")
    for _ in range(2):
        assert wrong.listed("sc_task").status == wrong.listed("sc_task").status == 401
        assert api.listed("sc_task").status == 200  # a right one starts the count again
    for _ in range(3):
        wrong.listed("sc_task")
    assert api.listed("sc_task").status == 401


def test_rest_acls_ask_for_a_role(servicenow: ServiceNow, api: Asker) -> None:
    """§3.6, §6.4."""
    servicenow.switch(rest_acls=True)
    refused = account(servicenow, "sn_request_read").listed("sc_task")
    assert refused.error == (403, "User Not Authorized", "Failed API level ACL Validation")
    assert api.listed("sc_task").status == 200


def test_credentials_don_t_show(servicenow: ServiceNow) -> None:
    shown: Any = repr(servicenow.credentials)
    assert servicenow.credentials.password not in shown
    assert servicenow.credentials.client_secret not in shown
