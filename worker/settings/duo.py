"""`[duo]`: the Admin API application."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from worker.settings.addresses import Host, Port
from worker.settings.duration import Duration
from worker.settings.paths import FilePath, OptionalPath
from worker.settings.table import LISTED, SomeText, Table

NO_PRIVILEGED_GROUP = "-"


class Duo(Table):
    """The Admin API application."""

    host: Host = Field(description="API host name.", examples=["api-xxxxxxxx.duosecurity.com"])
    port: Port = Field(443, description="TCP port.")
    integration_key: SomeText = Field(description="Integration key.", examples=["DIXXXXXXXXXXXXXXXXXX"])
    secret_key_file: FilePath = Field(description="File with the secret key.", examples=["secrets/duo"])
    ca_file: OptionalPath = Field(
        None, description="File with the CA certificates to trust. Empty: those that duo_client pins."
    )
    timeout: Duration = Field(timedelta(seconds=30), description="How long to wait for one answer (duration).")
    calls_per_minute: int = Field(240, ge=1, le=10_000, description="The most calls in a minute.")
    privileged_groups: Annotated[tuple[SomeText, ...], LISTED, Field(min_length=1)] = Field(
        description='Duo groups whose members are always left to a person; each must exist. ["-"]: none, on purpose.',
        examples=[["Duo Admins"]],
    )
    create_users: bool = Field(False, description="Whether a person unknown to Duo is created there; else held.")
