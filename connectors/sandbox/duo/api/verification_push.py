"""Verification pushes (§12): they need an activated Duo Mobile, and their answer is to be had for 120 seconds."""

from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.records import Json, VerificationPush

AVAILABLE: Final = timedelta(seconds=120)


def send(account: Account, call: Call) -> Json:
    """Ask on one of the user's phones."""
    user, phone_id = account.user(call.ids[0]), call.parameters.required("phone_id")
    if phone_id not in user.phone_ids or not account.phone(phone_id).activated:
        raise Failure(40002, "phone_id")
    number = f"{account.chance.randrange(10**6):06}"
    push = VerificationPush(account.new_uuid(), user.user_id, phone_id, account.now(), number)
    account.pushes[push.push_id] = push
    return {"push_id": push.push_id, "confirmation_code": push.confirmation_code}


def response(account: Account, call: Call) -> Json:
    """What the user said; 40401 once the push has timed out."""
    user, push = account.user(call.ids[0]), account.pushes.get(call.parameters.required("push_id"))
    if push is None or push.user_id != user.user_id or account.now() - push.sent >= AVAILABLE:
        raise Failure(40401)
    return {"push_id": push.push_id, "result": push.result}
