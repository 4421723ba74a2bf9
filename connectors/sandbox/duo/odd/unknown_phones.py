"""Every activation call is refused while the phone's type or platform is Unknown (§5; its code is a switch)."""

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.records import Phone


def refuse_unknown(phone: Phone, code: int) -> None:
    """Refuse an activation call on a phone of which Duo doesn't know what it is."""
    for name, value in (("type", phone.type), ("platform", phone.platform)):
        if value == "unknown":
            raise Failure(code, name)
