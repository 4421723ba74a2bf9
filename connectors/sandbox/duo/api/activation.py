"""Duo Mobile activation and the texts around it (§5). Only `send_sms_…` sends anything."""

from datetime import timedelta
from typing import Final
from urllib.parse import quote

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.stale_app import start_activation
from connectors.sandbox.duo.odd.undelivered_texts import send
from connectors.sandbox.duo.odd.unknown_phones import refuse_unknown
from connectors.sandbox.duo.parameters import Parameters
from connectors.sandbox.duo.records import Activation, Json, Phone

DAY: Final = 86_400
LONGEST_TEXT: Final = 160
INSTALLATION_URL: Final = "http://m-sandbox.duosecurity.com"
ACTIVATION_URL: Final = "https://m-sandbox.duosecurity.com/iphone/"
BARCODE: Final = "https://api-sandbox.duosecurity.com/frame/qr?value="
INSTALLATION_MSG: Final = "Welcome to Duo! To install the Duo Mobile app, click this link: <insturl>"
ACTIVATION_MSG: Final = "To activate the Duo Mobile app, click this link: <acturl>"


def activation_url(account: Account, call: Call) -> Json:
    """A link for whoever asks; sends nothing."""
    phone, asked = _ready(account, call), call.parameters
    install, valid_secs = asked.flag("install"), asked.seconds("valid_secs", DAY)
    activation = start_activation(account, phone, timedelta(seconds=valid_secs))
    installation: Json = {"installation_url": INSTALLATION_URL} if install else {}
    return {
        "activation_url": ACTIVATION_URL + activation.token,
        "activation_barcode": _barcode(activation),
        "valid_secs": valid_secs,
        **installation,
    }


def send_sms_activation(account: Account, call: Call) -> Json:
    """Text the link to the phone; with `install`, one text about the app before it."""
    phone, asked = _textable(account, call), call.parameters
    install, valid_secs = asked.flag("install"), asked.seconds("valid_secs", DAY)
    if asked.given("installation_msg") and not install:
        raise Failure(40002, "installation_msg")
    installation_msg = _message(asked, "installation_msg", INSTALLATION_MSG, "<insturl>", INSTALLATION_URL)
    placeholder = ACTIVATION_URL + "x" * 20
    _message(asked, "activation_msg", ACTIVATION_MSG, "<acturl>", placeholder)  # refused before anything changes
    activation = start_activation(account, phone, timedelta(seconds=valid_secs))
    link = ACTIVATION_URL + activation.token
    activation_msg = _message(asked, "activation_msg", ACTIVATION_MSG, "<acturl>", link)
    if install:
        send(account, phone, "installation", installation_msg, link=INSTALLATION_URL)
    send(account, phone, "activation", activation_msg, link=link, expires=activation.expires)
    told: Json = {"installation_msg": installation_msg} if install else {}
    return {
        "activation_barcode": _barcode(activation),
        "activation_msg": activation_msg,
        "valid_secs": valid_secs,
        **told,
    }


def send_sms_installation(account: Account, call: Call) -> Json:
    """Text where the app is to be had; activates nothing."""
    phone = _textable(account, call)
    body = _message(call.parameters, "installation_msg", INSTALLATION_MSG, "<insturl>", INSTALLATION_URL)
    send(account, phone, "installation", body, link=INSTALLATION_URL)
    return {"installation_msg": body}


def send_sms_passcodes(account: Account, call: Call) -> str:
    """Text passcodes; useless where texts are switched off as a factor."""
    phone = account.phone(call.ids[0])
    phone.sms_passcodes_sent = True
    send(account, phone, "passcodes", "SMS passcodes: 1234567")
    return ""


def _ready(account: Account, call: Call) -> Phone:
    phone = account.phone(call.ids[0])
    refuse_unknown(phone, account.switches.unknown_phone)
    return phone


def _textable(account: Account, call: Call) -> Phone:
    phone = _ready(account, call)
    if phone.type == "landline" or not phone.number:
        raise Failure(40002, "phone_id")
    return phone


def _message(asked: Parameters, name: str, template: str, mark: str, link: str) -> str:
    text = asked.text(name, template)
    filled = text.replace(mark, link)
    if mark not in text or len(filled) > LONGEST_TEXT:
        raise Failure(40002, name)
    return filled


def _barcode(activation: Activation) -> str:
    return BARCODE + quote(f"duo://{activation.token}", "")
