"""`[teamdynamix]`: the tenant, the account, and what each ticketing application calls things."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from worker.settings.addresses import OptionalUrl
from worker.settings.duration import Duration
from worker.settings.paths import OptionalPath
from worker.settings.table import LISTED, SomeText, Table, Text

SEARCHES = 30
"""That TeamDynamix allows in a minute."""

Id = Annotated[int, Field(ge=1)]
OptionalId = Annotated[int, Field(ge=0)]
Ids = Annotated[tuple[Id, ...], LISTED]


class Statuses(Table):
    """Ids of statuses of one application; `duo-worker check` lists them."""

    open: Id = Field(examples=[201], description="Waits for a person.")
    work_in_progress: Id = Field(examples=[202], description="Being worked on.")
    pending: Id = Field(examples=[203], description="Waits for the requester.")
    closed_complete: Id = Field(examples=[204], description="Done.")
    closed_incomplete: Id = Field(examples=[205], description="Ended undone.")
    awaiting_approval: Ids = Field((), description="Statuses of requests that wait for an approval.")
    rejected: Ids = Field((), description="Statuses of requests whose approval was refused.")


class Attributes(Table):
    """Ids of the form's attributes in one application; 0: not asked."""

    device: Id = Field(examples=[901], description="What the person wants to enrol.")
    phone_number: OptionalId = Field(0, description="The phone number.")
    phone_os: OptionalId = Field(0, description="The phone's system.")
    preferred: OptionalId = Field(0, description="The wish.")
    affected_person: OptionalId = Field(0, description="Whom the request is for; unanswered: the requestor.")


class App(Table):
    """One ticketing application."""

    id: Id = Field(examples=[31], description="Its id.")
    forms: Annotated[Ids, Field(min_length=1)] = Field(examples=[[77]], description="Forms whose requests are served.")
    reset_forms: Ids = Field((), description="Forms of password resets, which are only looked at.")
    statuses: Statuses = Field(description="Its statuses.")
    attributes: Attributes = Field(description="Its attributes.")


class Choices(Table):
    """What a choice's label, or id, stands for (theirs = ours)."""

    device: dict[SomeText, Literal["duo_mobile", "security_key"]] = Field(
        {"Duo Mobile": "duo_mobile", "Security key": "security_key"},
        description="Each answer of the device attribute: duo_mobile or security_key.",
    )


class TeamDynamix(Table):
    """The tenant, the account, and what each application calls things; for [tickets] system = "teamdynamix"."""

    url: OptionalUrl = Field(
        "",
        description="Address of the Web API, up to /TDWebApi (/SBTDWebApi, or a gateway's path). Mandatory here.",
    )
    auth: Literal["service_account", "admin_key", "gateway"] = Field(
        "service_account",
        description='How to sign in: a "service_account", the organisation\'s "admin_key", or a "gateway"\'s OAuth.',
    )
    username: Text = Field("", description="User name; for service_account.")
    password_file: OptionalPath = Field(None, description="File with the password; for service_account.")
    beid: Text = Field("", description="BEID of the organisation; for admin_key.")
    web_services_key_file: OptionalPath = Field(None, description="File with the web services key; for admin_key.")
    token_url: OptionalUrl = Field("", description="Address that gives tokens; for gateway.")
    client_id: Text = Field("", description="OAuth client id; for gateway.")
    client_secret_file: OptionalPath = Field(None, description="File with the OAuth client secret; for gateway.")
    user_name_field: Literal["UserName", "AuthenticationUserName", "ExternalID", "AlternateID"] = Field(
        "UserName", description="The field of people that holds the user name that Duo knows, the MEID for one."
    )
    strip_domain: bool = Field(
        True, description="Whether what follows an @ in that field is left out, where it is of same_login_domains."
    )
    hold_group: Text = Field("", description="The group that gets held tickets. Mandatory here.")
    comments_are_mailed: bool = Field(
        True,
        description="Whether comments are mailed to the requester. If so, no comment carries a passphrase.",
    )
    pending_needs_date: bool = Field(
        False, description="Whether the pending status needs a date on which it ends; then one is sent with it."
    )
    ca_file: OptionalPath = Field(None, description="File with the CA certificates to trust. Empty: the system's.")
    timeout: Duration = Field(timedelta(seconds=60), description="How long to wait for one answer (duration).")
    calls_per_minute: int = Field(
        55,
        ge=1,
        le=10_000,
        description="The most calls of each kind in a minute, of which TeamDynamix allows 60. Searches: 30, or half of "
        "this where that is more.",
    )
    search_limit: int = Field(300, ge=1, le=10_000, description="Rows asked for at a time; a full answer is split.")
    apps: Annotated[tuple[App, ...], LISTED] = Field(
        (),
        description="The ticketing applications, with their own ids, which duo-worker check lists. At least one here.",
    )
    choices: Choices = Field(Choices(), description=Choices.__doc__)

    @property
    def searches_per_minute(self) -> int:
        """The most searches in a minute."""
        return min(self.calls_per_minute, max(SEARCHES, self.calls_per_minute // 2))
