"""`[duo]`: the Admin API application."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from worker.settings.addresses import Host, Port
from worker.settings.duration import Duration
from worker.settings.paths import FilePath, OptionalPath
from worker.settings.table import LISTED, SomeText, Table

NO_PRIVILEGED_GROUP = "-"
KEY = re.compile(r"D[A-Z0-9]{5,30}")


def integration_key(value: str) -> str:
    """An application's integration key, as the Admin Panel shows it."""
    if not KEY.fullmatch(value):
        raise ValueError(
            "must be an integration key as the Duo Admin Panel shows it: D, then capital letters or digits"
        )
    return value


IntegrationKey = Annotated[str, AfterValidator(integration_key)]


class Duo(Table):
    """The Admin API application."""

    host: Host = Field(description="API host name.", examples=["api-xxxxxxxx.duosecurity.com"])
    port: Port = Field(443, description="TCP port.")
    integration_key: IntegrationKey = Field(description="Integration key.", examples=["DIXXXXXXXXXXXXXXXXXX"])
    secret_key_file: FilePath = Field(description="File with the secret key.", examples=["secrets/duo"])
    ca_file: OptionalPath = Field(
        None, description="File with the CA certificates to trust. Empty: those that duo_client pins."
    )
    timeout: Duration = Field(timedelta(seconds=30), description="How long to wait for one answer (duration).")
    calls_per_minute: int = Field(240, ge=1, le=10_000, description="The most calls in a minute.")
    privileged_groups: Annotated[tuple[SomeText, ...], LISTED] = Field(
        description='Duo groups whose members are always left to a person; each must exist. ["-"]: none, on purpose.',
        examples=[["Duo Admins"]],
    )
    create_users: bool = Field(False, description="Whether a person unknown to Duo is created there; else held.")
