"""`[http]`: health and metrics for the monitoring on this machine."""

from pydantic import Field

from worker.settings.addresses import Listen
from worker.settings.table import Table


class Http(Table):
    """Health and metrics for the monitoring on this machine."""

    listen: Listen = Field(
        "", description="Loopback address and port of /health and /metrics, such as 127.0.0.1:8350. Empty: off."
    )
