"""The whole configuration: one field for each table."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field

from worker.settings.duo import Duo
from worker.settings.follow_up import FollowUp
from worker.settings.http import Http
from worker.settings.mail import Mail
from worker.settings.password_pusher import PasswordPusher
from worker.settings.policy import Policy
from worker.settings.rules import Rules
from worker.settings.servicenow import ServiceNow
from worker.settings.support import Support
from worker.settings.table import Table
from worker.settings.teamdynamix import TeamDynamix
from worker.settings.tickets import Tickets
from worker.settings.worker import Worker


class Settings(Table):
    """The whole configuration. A table that isn't there has its defaults; `load` makes one from a file."""

    worker: Worker = Field(Worker(), description=Worker.__doc__)
    rules: Rules = Field(Rules(), description=Rules.__doc__)
    tickets: Tickets = Field(Tickets(), description=Tickets.__doc__)
    servicenow: ServiceNow = Field(ServiceNow(), description=ServiceNow.__doc__)
    teamdynamix: TeamDynamix = Field(TeamDynamix(), description=TeamDynamix.__doc__)
    duo: Duo = Field(description=Duo.__doc__)
    password_pusher: PasswordPusher = Field(description=PasswordPusher.__doc__)
    mail: Mail = Field(description=Mail.__doc__)
    policy: Policy = Field(description=Policy.__doc__)
    follow_up: FollowUp = Field(FollowUp(), description=FollowUp.__doc__)
    support: Support = Field(Support(), description=Support.__doc__)
    http: Http = Field(Http(), description=Http.__doc__)

    @property
    def tickets_table(self) -> ServiceNow | TeamDynamix:
        """The table of the chosen ticket system."""
        return self.servicenow if self.tickets.system == "servicenow" else self.teamdynamix

    @property
    def passphrase_field(self) -> str:
        """Where a passphrase may stand on a ticket; empty: nowhere, as ever with TeamDynamix."""
        return self.servicenow.passphrase_field if self.tickets.system == "servicenow" else ""


def paths(settings: Settings) -> Iterator[tuple[str, str, Path]]:
    """Every file and folder that the configuration names, as (table, key, path)."""
    for name in Settings.model_fields:
        table = getattr(settings, name)
        if isinstance(table, BaseModel):
            yield from ((name, key, value) for key, value in table if isinstance(value, Path))


def secret_files(settings: Settings) -> Iterator[tuple[str, str, Path]]:
    """The files among them that hold a secret: those named by a key that ends in `_file`, but for CA certificates."""
    return (found for found in paths(settings) if found[1].endswith("_file") and found[1] != "ca_file")
