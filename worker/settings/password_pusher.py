"""`[password_pusher]`: the server that hands over codes."""

from datetime import timedelta

from pydantic import Field

from worker.settings.addresses import Url
from worker.settings.duration import Duration
from worker.settings.paths import FilePath, OptionalPath
from worker.settings.table import Table


class PasswordPusher(Table):
    """The server that hands over codes."""

    url: Url = Field(description="Address of the server.", examples=["https://pwpush.example.edu"])
    token_file: FilePath = Field(
        description="File with the API token of the worker's account.", examples=["secrets/password-pusher"]
    )
    expire_after_days: int = Field(1, ge=1, le=90, description="When a link stops opening at the latest (days).")
    expire_after_views: int = Field(2, ge=1, le=100, description="How often a link opens (views).")
    calls_per_minute: int = Field(100, ge=1, le=10_000, description="The most calls in a minute.")
    timeout: Duration = Field(timedelta(seconds=15), description="How long to wait for one answer (duration).")
    ca_file: OptionalPath = Field(None, description="File with the CA certificates to trust. Empty: the system's.")
