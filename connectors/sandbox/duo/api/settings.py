"""Settings (§9): a powerful grant, and flags that can't tell whether texts are off."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.odd.legacy_flags import SETTINGS_FLAGS
from connectors.sandbox.duo.records import Json

VALUES: Final[Json] = {
    "caller_id": "+14805550100",
    "email_activity_notification_enabled": False,
    "enrollment_universal_prompt_enabled": True,
    "global_ssp_policy_enforced": True,
    "helpdesk_bypass": "allow",
    "helpdesk_bypass_expiration": 0,
    "helpdesk_can_send_enroll_email": False,
    "language": "EN",
    "name": "Sandbox district",
    "pending_deletion_days": 7,
    "push_activity_notification_enabled": False,
    "sms_batch": 1,
    "sms_expiration": 0,
    "telephony_warning_min": 0,
    "timezone": "UTC",
    "unenrolled_user_lockout_threshold": 0,
    "user_managers_can_put_users_in_bypass": True,
}


def read(account: Account, _: Call) -> Json:
    """All of them."""
    after = account.switches.lockout_expires_after
    return {
        **VALUES,
        **SETTINGS_FLAGS,
        "lockout_threshold": account.switches.lockout_threshold,
        "lockout_expire_duration": 0 if after is None else int(after.total_seconds() // 60),
    }
