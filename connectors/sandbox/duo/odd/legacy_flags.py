"""Flags that are told but mean nothing: settings can't tell that texts are off, group flags always read false (§9)."""

from typing import Final

from connectors.sandbox.duo.records import Json

GROUP_FLAGS: Final[Json] = {
    "push_enabled": False,
    "sms_enabled": False,
    "voice_enabled": False,
    "mobile_otp_enabled": False,
    "u2f_enabled": False,
}

SETTINGS_FLAGS: Final[Json] = {
    "push_enabled": True,
    "sms_enabled": True,  # although every policy here blocks texts
    "voice_enabled": True,
    "mobile_otp_enabled": True,
    "u2f_enabled": True,
}
