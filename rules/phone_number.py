"""A phone number as somebody typed it: the one number it can mean, or why it can't be used."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

Kind = Literal["mobile", "fixed_or_mobile", "landline", "other"]

_LONGEST = 40  # E.164 has 15 digits; the rest is for spaces and brackets
_TYPED = re.compile(r"\+?[0-9 ().\-\u2010\u2011\u2013\u00a0]+")
_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.FIXED_LINE: "landline",
}


@dataclass(frozen=True)
class PhoneNumber:
    """A number that its country's plan has. `region` is ISO 3166 ("US"), empty for numbers of no country."""

    e164: str
    kind: Kind  # by the plan; it says nothing of who has the number
    region: str
    region_allowed: bool


@dataclass(frozen=True)
class Problem:
    """Why a text can't be used, as a sentence that repeats nothing of it."""

    reason: str


def parse(text: str, regions: Collection[str]) -> PhoneNumber | Problem:
    """What `text` means; never raises, whatever was typed. `regions` are the allowed ones.

    The country is never guessed, so a number starts with "+". Nothing is cleaned away but spaces and the usual marks
    between digits: a text with letters, signs or invisible characters may be meant to look like another number.
    """
    typed = text.strip(" \t\r\n\u00a0")
    if len(typed) > _LONGEST:
        return Problem("the phone number is too long")
    if not _TYPED.fullmatch(typed):
        return Problem("the phone number holds characters that don't belong to one")
    if not typed.startswith("+"):
        return Problem("the phone number has no country code: it must start with +")
    return _by_plan(typed, regions)


def _by_plan(typed: str, regions: Collection[str]) -> PhoneNumber | Problem:
    try:
        number = phonenumbers.parse(typed)
    except NumberParseException:
        return Problem("the phone number isn't one: no country's plan has such numbers")
    if not phonenumbers.is_valid_number(number):
        return Problem("the phone number isn't one: its country's plan has no such number")
    region = phonenumbers.region_code_for_number(number) or ""
    return PhoneNumber(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        kind=_KINDS.get(phonenumbers.number_type(number), "other"),
        region=region if region.isalpha() else "",
        region_allowed=region in regions,
    )
