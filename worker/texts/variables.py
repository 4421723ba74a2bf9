"""What templates see: the context, cleaned, and what all texts need beside it."""

from dataclasses import fields
from typing import Any

from connectors.secret import Secret
from worker.settings.support import Support
from worker.texts.clean import clean, clean_name
from worker.texts.context import TextContext
from worker.texts.floor import Floors

CODES = ("mobile.bypass_code", "key.bypass_code")
SECRETS = frozenset({"link", "passphrase"})
ADDED = frozenset(
    {
        "floor_android",
        "floor_ios",
        "manage_devices_url",
        "phone_added",
        "still_valid",
        "support_phone",
        "support_site",
        "way",
    }
)
KNOWN = frozenset(each.name for each in fields(TextContext)) - SECRETS | ADDED


def variables(context: TextContext, support: Support, floors: Floors) -> dict[str, Any]:
    """Every name in `KNOWN` with its value; secrets are not among them."""
    floor = floors.on(context.now.date())
    given = {each.name: _clean(each.name, getattr(context, each.name)) for each in fields(context)}
    return {name: value for name, value in given.items() if name not in SECRETS} | {
        "floor_android": floor.android,
        "floor_ios": floor.ios,
        "manage_devices_url": support.manage_devices_url,
        "phone_added": context.option == "mobile.add_phone",
        "still_valid": _still_valid(context),
        "support_phone": support.phone,
        "support_site": support.site,
        "way": way(context),
    }


def way(context: TextContext) -> str:
    """The option whose steps the person follows: that of a phone just added is what comes then."""
    return context.then if context.option == "mobile.add_phone" else context.option


def _still_valid(context: TextContext) -> bool:
    """Whether what the person was given still works."""
    ends = {
        "mobile.activation_link": context.activation_until,
        "key.enrollment_link": context.enrollment_until,
    } | dict.fromkeys(CODES, context.code_valid_until)
    return way(context) in ends and context.now < ends[way(context)]


def _clean(name: str, value: object) -> object:
    match value:
        case str():
            return clean_name(value) if name == "first_name" else clean(value).removesuffix(".")
        case tuple():
            return tuple(clean(str(each)).removesuffix(".") for each in value)
        case Secret():
            return ""
        case _:
            return value
