"""`users/enroll` (§6): the one call that mails a link, and its answer is the link's code."""

from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.odd.refused_enrollment import refuse_enrollment
from connectors.sandbox.duo.records import EnrollmentMail, User

THIRTY_DAYS: Final = 2_592_000
NEVER: Final = 0
PORTAL: Final = "https://api-sandbox.duosecurity.com/portal?code={code}&akey={account}"


def enroll(account: Account, call: Call) -> str:
    """Mail a link to the address of the call, which needn't be the user's; an absent user is created first."""
    asked = call.parameters
    username, email = asked.required("username"), asked.required("email")
    valid_secs = asked.seconds("valid_secs", THIRTY_DAYS)
    user = account.users.named(username)
    if user is None:
        user = User(account.new_id("DU"), username, account.now(), email=email)
        account.users.add(user)
        account.record("user_create", username, {"user_id": user.user_id})
    else:
        refuse_enrollment(account, user)
    code = f"{account.chance.getrandbits(64):016x}"
    now, link = account.now(), PORTAL.format(code=code, account=account.key)
    expires = None if valid_secs == NEVER else now + timedelta(seconds=valid_secs)
    account.mails.append(EnrollmentMail(now, email, user.user_id, user.username, code, link, expires))
    return code
