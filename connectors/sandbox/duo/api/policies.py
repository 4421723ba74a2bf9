"""The effective policy of one user at one application (§9); needs a version 5 signature."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.applications import METHODS
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.text_lists import as_told
from connectors.sandbox.duo.records import Json


def calculate(account: Account, call: Call) -> Json:
    """What is allowed and blocked; 40401 for an unknown application or user."""
    application = account.applications.get(call.parameters.required("integration_key"))
    account.user(call.parameters.required("user_id"))
    if application is None:
        raise Failure(40401)
    as_text = account.switches.policy_lists_as_text
    allowed = [method for method in METHODS if method not in application.blocked]
    return {
        "policy_elements": [{"policy_name": f"Policy of {application.name}", "is_global_policy": False}],
        "sections": {
            "authentication_methods": {
                "allowed_auth_list": as_told(allowed, as_text=as_text),
                "blocked_auth_list": as_told(application.blocked, as_text=as_text),
                "require_verified_push": False,
            },
            "authentication_policy": {"user_auth_behavior": "enforce"},
            "new_user": {"new_user_behavior": application.new_user},
        },
    }
