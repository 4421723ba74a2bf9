"""Phones (§5): one number is one phone, and a phone may have several owners."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.odd.country_less_numbers import e164
from connectors.sandbox.duo.ownership import delete_phone
from connectors.sandbox.duo.paging import Page, everything, page
from connectors.sandbox.duo.parameters import Parameters
from connectors.sandbox.duo.records import PHONE_TYPES, PLATFORMS, Json, Phone
from connectors.sandbox.duo.views import phone_view

MOST: Final = 500
FIELDS: Final = ("name", "predelay", "postdelay")
WORDS: Final = {"type": PHONE_TYPES, "platform": PLATFORMS}


def listing(account: Account, call: Call) -> Page:
    """All phones in pages, or the one with a number (none or one)."""
    asked = call.parameters

    def show(phone: Phone) -> Json:
        return phone_view(account, phone)

    if asked.given("number"):
        found = account.phones.numbered(e164(asked.text("number")), asked.text("extension"))
        return everything([] if found is None else [found], show)
    return page(account.phones, asked, show, most=MOST, cap=account.switches.page_cap)


def one(account: Account, call: Call) -> Json:
    """One phone with its owners."""
    return phone_view(account, account.phone(call.ids[0]))


def create(account: Account, call: Call) -> Json:
    """A new phone, nobody's yet. 40003 where the number exists, 40002 where it can't."""
    asked = call.parameters
    phone = Phone(account.new_id("DP"), e164(asked.text("number")), asked.text("extension"))
    words = _words(asked)
    account.phones.add(phone)
    _fill(phone, asked, words)
    account.record("phone_create", phone.number, {"phone_id": phone.phone_id})
    return phone_view(account, phone)


def modify(account: Account, call: Call) -> Json:
    """Change what the call names; the rest stays."""
    phone, asked = account.phone(call.ids[0]), call.parameters
    words = _words(asked)
    number = e164(asked.text("number")) if asked.given("number") else phone.number
    account.phones.renumber(phone, number, asked.text("extension", phone.extension))
    _fill(phone, asked, words)
    account.record("phone_update", phone.number, {"phone_id": phone.phone_id})
    return phone_view(account, phone)


def delete(account: Account, call: Call) -> str:
    """No error where it is gone already."""
    phone = account.phones.get(call.ids[0])
    if phone is not None:
        delete_phone(account, phone)
        account.record("phone_delete", phone.number, {"phone_id": phone.phone_id})
    return ""


def _words(asked: Parameters) -> dict[str, str]:
    words = {name: asked.text(name).casefold() for name in WORDS if asked.given(name)}
    for name, word in words.items():
        if word not in WORDS[name]:
            raise Failure(40002, name)
    return words


def _fill(phone: Phone, asked: Parameters, words: dict[str, str]) -> None:
    for name in FIELDS:
        if asked.given(name):
            setattr(phone, name, asked.text(name))
    for name, word in words.items():
        setattr(phone, name, word)
