"""The phone number typed in the form: a claim, until something else says so too."""

from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumberFormat

from rules import phone_number
from rules.facts import Number
from rules.phone_number import PhoneNumber
from worker.facts.in_duo import InDuo, own_phone
from worker.tickets.ticket import Ticket


def about_number(ticket: Ticket, in_duo: InDuo, *, regions: Sequence[str]) -> Number:
    typed = ticket.answers.phone_number
    if not typed:
        return Number()
    parsed = phone_number.parse(typed, regions)
    own = own_phone(in_duo.user, typed)
    users = _users(in_duo)
    return Number(
        given=True,
        kind=parsed.kind if isinstance(parsed, PhoneNumber) else "other",
        region_allowed=isinstance(parsed, PhoneNumber) and parsed.region_allowed,
        on_record=own is not None,
        somebody_elses=own is None and bool(users - {in_duo.user.user_id if in_duo.user is not None else ""}),
        shared=len(users) > 1,
        landline_in_duo=any(phone is not None and phone.type == "landline" for phone in (own, in_duo.holder)),
        trusted=typed in {_stored(text, regions) for text in ticket.person.trusted_numbers},
    )


def _users(in_duo: InDuo) -> set[str]:
    """Ids of everybody in Duo who uses the phone with the typed number, as far as that was read by itself."""
    return {user_id for phone in (in_duo.holder, in_duo.smartphone) if phone for user_id in phone.user_ids}


def _stored(text: str, regions: Sequence[str]) -> str:
    """A number of the ticket system's user record in E.164; empty where it can't be told which one it is.

    Such records hold numbers as people say them. One without a country is read in the only configured region; an
    extension makes it a line that others share.
    """
    try:
        parsed = phonenumbers.parse(text, regions[0] if len(regions) == 1 else None)
    except phonenumbers.NumberParseException:
        return ""
    return "" if parsed.extension else phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
