"""Phones and the activation of Duo Mobile on them (Admin API facts §5)."""

from datetime import timedelta
from typing import Final

from connectors.duo import asking, parse
from connectors.duo.failures import NOT_FOUND, SYSTEM
from connectors.duo.model import Phone
from connectors.duo.transport import Admin
from connectors.errors import Refused

PLATFORMS: Final = frozenset({"apple ios", "google android", "generic smartphone"})  # those the app runs on


def by_number(admin: Admin, number: str) -> Phone | None:
    """The phone with this number (E.164), whosever it is, with the ids of its users; None if Duo has none.

    `Refused` where there are several, which only extensions of one number can be.
    """
    rows = admin.get_phones_by_number(asking.number(number))
    phones = parse.fit("GET", rows, lambda rows: [_with_number(row, number) for row in parse.listing(rows)])
    if len({phone.phone_id for phone in phones}) > 1:
        raise Refused(SYSTEM, "number", "Duo has several phones with this number")
    return phones[0] if phones else None


def read(admin: Admin, phone_id: str) -> Phone | None:
    """The phone with this id as it is now, with the ids of its users; None if there is none."""
    try:
        row = admin.get_phone_by_id(asking.known_id(phone_id))
    except Refused as error:
        if error.code == NOT_FOUND:
            return None
        raise
    return parse.fit("GET", row, lambda row: _with_id(row, phone_id))


def create(admin: Admin, *, number: str, platform: str) -> Phone:
    """A new mobile phone that is nobody's yet. `Refused` 40003 where Duo has the number already: ask `by_number`."""
    row = admin.add_phone(number=asking.number(number), type="mobile", platform=_known(platform))
    return parse.fit("POST", row, lambda row: _with_number(row, number))


def set_platform(admin: Admin, phone_id: str, platform: str) -> None:
    """Make it a mobile phone of this platform, which activation needs; repeating it changes nothing."""
    row = admin.update_phone(asking.known_id(phone_id), type="mobile", platform=_known(platform))

    def done(row: object) -> None:
        if _with_id(row, phone_id).platform != platform:
            raise parse.Unfit("platform")

    parse.fit("POST", row, done)


def text_activation(admin: Admin, phone_id: str, *, valid_for: timedelta) -> None:
    """Have Duo text a link to the app and one that activates it; texts again when repeated.

    Whatever Duo Mobile is activated on that phone stops working at once. `Refused` while type or platform is unknown.
    The links that Duo answers with are dropped here.
    """
    admin.send_sms_activation_to_phone(asking.known_id(phone_id), valid_secs=asking.seconds(valid_for), install=True)


def _known(platform: str) -> str:
    if platform not in PLATFORMS:
        raise ValueError(f"Duo Mobile is not activated on {platform!r}")
    return platform


def _with_number(row: object, number: str) -> Phone:
    phone = parse.phone(row)
    if _digits(phone.number) != _digits(number):
        raise parse.Unfit("it is another number")
    return phone


def _with_id(row: object, phone_id: str) -> Phone:
    phone = parse.phone(row)
    if phone.phone_id != phone_id:
        raise parse.Unfit("it is another phone")
    return phone


def _digits(number: str) -> str:
    return "".join(each for each in number if each.isdigit())
