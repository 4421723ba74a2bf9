"""`[policy]`: what counts as proof, how long things live, and how much is done."""

from datetime import timedelta
from typing import Annotated, Literal

import phonenumbers
from pydantic import AfterValidator, Field

from worker.settings.addresses import Domain
from worker.settings.duo import IntegrationKey
from worker.settings.duration import Duration
from worker.settings.table import LISTED, FieldName, Rate, SomeText, Table, fitting


def region(value: str) -> str:
    """A country code that phone numbers can be checked for.

    Raises:
        ValueError: Not one of them.
    """
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError('must be two-letter country codes in capitals, such as "US"')
    return value


Region = Annotated[str, AfterValidator(region)]
Method = Annotated[str, fitting(r"[a-z0-9]+(-[a-z0-9]+)*", "must be words of small letters, digits and hyphens")]
Names = Annotated[tuple[SomeText, ...], LISTED]
Fields = Annotated[tuple[FieldName, ...], LISTED]
DAY = timedelta(days=1)


class Policy(Table):
    """What counts as proof, how long things live, and how much is done."""

    require_proof: bool = Field(
        True, description="Whether an option needs proof of identity beside the request itself."
    )
    identity_groups: Names = Field((), description="Ticket-system groups whose members may write #verified METHOD.")
    identity_methods: Annotated[tuple[Method, ...], LISTED] = Field(
        ("photo-id-in-person", "photo-id-video", "call-back-to-number-on-record"),
        description="The words METHOD may be.",
    )
    same_login_domains: Annotated[tuple[Domain, ...], LISTED] = Field(
        (),
        description="Mail domains that open with the help-site password; mandatory with require_proof.",
        examples=[["example.edu"]],
    )
    trusted_number_fields: Fields = Field(
        (),
        description="Fields of the ticket system's user record with phone numbers that people can't edit themselves.",
    )
    trusted_address_fields: Fields = Field(
        (), description="Fields of the ticket system's user record with addresses that people can't edit themselves."
    )
    service_desk_groups: Names = Field((), description="Ticket-system groups whose members may file for others.")
    code_valid: Duration = Field(
        timedelta(hours=8),
        ge=timedelta(minutes=10),
        le=DAY,
        description='Life of a bypass code (duration, "24h" at most).',
    )
    code_uses: int = Field(2, ge=1, le=100, description="Log-ins a bypass code is good for.")
    activation_valid: Duration = Field(timedelta(hours=1), description="Life of a texted activation link (duration).")
    enrollment_valid: Duration = Field(DAY, description="Life of a mailed enrolment link (duration).")
    passphrase: Literal["auto", "field", "ticket", "none"] = Field(
        "auto",
        description='Where the link\'s passphrase goes: "field" (passphrase_field), "ticket" (the comment), "none"; '
        '"auto": the first of them that the mailbox can\'t see.',
    )
    codes_per_person: Rate = Field(
        Rate(count=3, per=DAY), description="Codes made for one person; a request over it is held."
    )
    per_opener: Rate = Field(
        Rate(count=20, per=DAY), description="Requests one person files for others; a request over it is held."
    )
    codes_per_hour: int = Field(200, ge=1, le=100_000, description="Codes made in an hour; further requests wait.")
    phones_per_hour: int = Field(50, ge=1, le=100_000, description="Phones made in an hour; further requests wait.")
    foreign_rows_max: int = Field(
        5, ge=0, le=10_000, description="Rows nobody asked for in one poll that stop the poll and raise the alarm."
    )
    max_request_age: Duration = Field(timedelta(days=14), description="Older requests are held (duration).")
    reset_window: Duration = Field(
        DAY, description="A password reset of the same person within this time holds the request (duration)."
    )
    phone_regions: Annotated[tuple[Region, ...], LISTED, Field(min_length=1)] = Field(
        ("US",), description="Countries whose phone numbers are served (two-letter codes)."
    )
    expected_countries: Names = Field(
        (), description="Countries that log-ins are expected from, as Duo's log names them. Empty: any."
    )
    match_by_email: bool = Field(False, description="Whether a person may be found in Duo by the e-mail address alone.")
    retire_dead_phones: bool = Field(
        False, description="Whether phones that only took texts and calls may be taken off for an enrolment mail."
    )
    retire_check_applications: Annotated[tuple[IntegrationKey, ...], LISTED] = Field(
        (), description="Integration keys of the applications that must deny new users for that."
    )
    on_take_over: Literal["keep"] = Field(
        "keep", description='What happens to a code when a technician takes the ticket: "keep", it lapses by itself.'
    )
    guards_off: Names = Field((), description="Optional guards that are switched off; every work note says so.")
