"""A new activation at once invalidates the app that works on the phone, whether or not anybody follows it (§5)."""

from datetime import timedelta

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.records import Activation, Phone


def start_activation(account: Account, phone: Phone, valid_for: timedelta) -> Activation:
    """The phone's one outstanding activation; the earlier link and the app on the phone are dead from now on."""
    now, earlier = account.now(), phone.activation
    refusal = account.switches.repeated_activation
    if refusal is not None and earlier is not None and earlier.expires > now:
        raise Failure(refusal)
    phone.activated = False
    phone.activation = Activation(account.new_link_token(), now + valid_for)
    return phone.activation
