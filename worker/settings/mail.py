"""`[mail]`: the relay that takes the worker's mail."""

from datetime import timedelta

from pydantic import Field

from worker.settings.addresses import Host, NamedMailbox, OptionalMailbox, Port
from worker.settings.duration import Duration
from worker.settings.paths import OptionalPath
from worker.settings.table import Table, Text


class Mail(Table):
    """The relay that takes the worker's mail."""

    host: Host = Field("localhost", description="Host name of the relay.")
    port: Port = Field(25, description="TCP port.")
    starttls: bool = Field(False, description="Whether to insist on TLS.")
    username: Text = Field("", description="User name. Empty: no log-in.")
    password_file: OptionalPath = Field(None, description="File with the password.")
    ca_file: OptionalPath = Field(None, description="File with the CA certificates to trust. Empty: the system's.")
    sender: NamedMailbox = Field(description="Who mail comes from.", examples=["Duo enrolment <no-reply@example.edu>"])
    notice_copy: OptionalMailbox = Field(
        "", description="Gets the notice where the person has no second address on file. Empty: nobody."
    )
    messages_per_minute: int = Field(120, ge=1, le=10_000, description="The most messages in a minute.")
    timeout: Duration = Field(timedelta(seconds=20), description="How long to wait for one answer (duration).")
