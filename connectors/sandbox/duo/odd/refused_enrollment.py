"""`users/enroll` helps only who has no device; for anybody else it is expected to fail (§6; both are switches)."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.enrolled_flag import has_device
from connectors.sandbox.duo.records import User


def refuse_enrollment(account: Account, user: User) -> None:
    """Refuse to mail an enrolment link to an existing user, where the switches say so."""
    switches = account.switches
    code = switches.enroll_with_device if has_device(user) else switches.enroll_without_device
    if code is not None:
        raise Failure(code, "username already exists")
