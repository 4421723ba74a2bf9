"""The applications of the account and the policy of each (§9): Duo's defaults, with texts and calls switched off."""

from dataclasses import dataclass
from typing import Final

PORTAL: Final = "DISANDBOXPORTAL00001"
SIGN_ON: Final = "DISANDBOXSIGNON00001"

METHODS: Final = (
    "duo-push",
    "duo-passcode",
    "sms",
    "phonecall",
    "hardware-token",
    "webauthn-platform",
    "webauthn-roaming",
    "desktop",
    "bypass",
)


@dataclass
class Application:
    """`blocked` methods are of `METHODS`; what isn't blocked is allowed. `new_user`: enroll, no-mfa or deny."""

    integration_key: str
    name: str
    blocked: tuple[str, ...] = ("desktop", "phonecall", "sms")
    new_user: str = "enroll"


def applications() -> dict[str, Application]:
    """The ones of a new account: the portal where devices are managed, and the district's sign-on."""
    known = (Application(PORTAL, "Device Management Portal"), Application(SIGN_ON, "Single Sign-On"))
    return {application.integration_key: application for application in known}
