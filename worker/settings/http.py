"""`[http]`: health and metrics for the monitoring on this machine, and hints of the ticket system."""

from datetime import timedelta

from pydantic import Field

from worker.settings.addresses import Listen
from worker.settings.duration import Duration
from worker.settings.paths import OptionalPath
from worker.settings.table import Table


class Http(Table):
    """Health and metrics for the monitoring on this machine, and hints of the ticket system."""

    listen: Listen = Field(
        "", description="Loopback address and port of /health and /metrics, such as 127.0.0.1:8350. Empty: off."
    )
    hint_key_file: OptionalPath = Field(
        None,
        description="File with the key that the ticket system signs POST /hint with, which brings the next poll "
        "forward: deploy/servicenow.md. Empty: no such hint is taken. Make one with: openssl rand -hex 32",
    )
    hint_token_file: OptionalPath = Field(
        None,
        description="File with the secret that a ticket system which can't sign sends with POST /hint as it is: "
        "deploy/teamdynamix.md. Empty: no such hint is taken.",
    )
    hint_every: Duration = Field(
        timedelta(seconds=5), description="Hints bring no more than one poll in so long (duration)."
    )

    @property
    def takes_hints(self) -> bool:
        """Whether there is a `/hint`."""
        return self.hint_key_file is not None or self.hint_token_file is not None
