"""`[servicenow]`: the instance, the account, and what the form and the states are called there."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from worker.settings.addresses import OptionalUrl
from worker.settings.duration import Duration
from worker.settings.paths import OptionalPath
from worker.settings.table import LISTED, FieldName, OptionalFieldName, SomeText, SysId, Table, Text


class Variables(Table):
    """What the form's variables are called there (ours = theirs)."""

    device: FieldName = Field("device_type", description="What the person wants to enrol; see the choices below.")
    phone_number: OptionalFieldName = Field("mobile_number", description="The phone number. Empty: not asked.")
    phone_os: OptionalFieldName = Field("phone_os", description="The phone's system. Empty: not asked.")
    preferred: OptionalFieldName = Field(
        "preferred_method",
        description="The wish: bypass_code, activation_link, enrollment_link or nothing. Empty: not asked.",
    )


class Choices(Table):
    """What the form's choices stand for (theirs = ours)."""

    device: dict[SomeText, Literal["duo_mobile", "security_key"]] = Field(
        {"Duo Mobile": "duo_mobile", "Security key": "security_key"},
        description="Each answer of the device variable: duo_mobile or security_key.",
    )


class States(Table):
    """The values of `state` there."""

    open: SomeText = Field("1", description="Waits for a person.")
    work_in_progress: SomeText = Field("2", description="Being worked on.")
    pending: SomeText = Field("-5", description="Waits for the requester.")
    closed_complete: SomeText = Field("3", description="Done.")
    closed_incomplete: SomeText = Field("4", description="Ended undone.")


class ServiceNow(Table):
    """The instance, the account, and what the form and the states are called there; for system = "servicenow"."""

    url: OptionalUrl = Field(
        "", description="Address of the instance. Mandatory here.", examples=["https://example.service-now.com"]
    )
    auth: Literal["client_credentials", "password", "basic"] = Field(
        "client_credentials",
        description='How to sign in: OAuth "client_credentials" or "password", or "basic".',
    )
    client_id: Text = Field(
        "",
        description="OAuth client id; for client_credentials and password.",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    client_secret_file: OptionalPath = Field(
        None,
        description="File with the OAuth client secret; for client_credentials and password.",
        examples=["secrets/servicenow-client"],
    )
    username: Text = Field("", description="User name; for password and basic.")
    password_file: OptionalPath = Field(None, description="File with the password; for password and basic.")
    catalog_items: Annotated[tuple[SysId, ...], LISTED] = Field(
        (),
        description="sys_ids (32 hexadecimal digits) of the catalogue items that are served. At least one here.",
        examples=[["0123456789abcdef0123456789abcdef"]],
    )
    reset_items: Annotated[tuple[SysId, ...], LISTED] = Field(
        (), description="sys_ids of the catalogue items of password resets, which are only looked at."
    )
    write_to: Literal["task", "item"] = Field(
        "task", description='What is read and written: the item\'s "task" (sc_task) or the "item" (sc_req_item).'
    )
    hold_group: Text = Field(
        "", description="The assignment group that gets held tickets. Mandatory here.", examples=["Duo Hold Queue"]
    )
    comments_are_mailed: bool = Field(
        True,
        description="Whether the instance mails comments to the requester. If so, no comment carries a passphrase.",
    )
    passphrase_field: OptionalFieldName = Field(
        "",
        description="A field of the ticket that the requester can read and that is never mailed, for the passphrase. "
        "Empty: none.",
    )
    ca_file: OptionalPath = Field(None, description="File with the CA certificates to trust. Empty: the system's.")
    timeout: Duration = Field(timedelta(seconds=75), description="How long to wait for one answer (duration).")
    calls_per_minute: int = Field(120, ge=1, le=10_000, description="The most calls in a minute.")
    batch: bool = Field(
        False,
        description="Whether writes that come due at the same time, up to ten, go in one call of the Batch API, which "
        "has to be open to the account.",
    )
    batch_counts: Literal["items", "one"] = Field(
        "items",
        description='What a batch is in calls_per_minute: "items" (the call and each item), or "one" call, if whoever '
        "runs the instance knows that its limits count it so. Only one saves calls of that budget.",
    )
    page_size: int = Field(200, ge=1, le=1000, description="Rows asked for at a time.")
    variables: Variables = Field(Variables(), description=Variables.__doc__)
    choices: Choices = Field(Choices(), description=Choices.__doc__)
    states: States = Field(States(), description=States.__doc__)
