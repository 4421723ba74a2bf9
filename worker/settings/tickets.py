"""`[tickets]`: where requests come from."""

from typing import Literal

from pydantic import Field

from worker.settings.table import Table


class Tickets(Table):
    """Where requests come from."""

    system: Literal["servicenow", "teamdynamix"] = Field(
        "servicenow", description='The ticket system: "servicenow" or "teamdynamix".'
    )
