"""`[follow_up]`: when a delivered request is looked at again."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from worker.settings.duration import Duration
from worker.settings.table import LISTED, Table


class FollowUp(Table):
    """When a delivered request is looked at again."""

    check_after: Annotated[tuple[Duration, ...], LISTED, Field(min_length=1)] = Field(
        (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1)),
        description="How long after the last look Duo is looked at again (durations); then every last value.",
        examples=[["10m", "1h", "6h", "1d"]],
    )
    remind_after: Duration = Field(timedelta(hours=24), description="When the person is reminded, once (duration).")
    give_up_after: Duration = Field(timedelta(days=7), description="When the request is given up (duration).")
    on_give_up: Literal["hold", "close_incomplete"] = Field(
        "hold", description='What becomes of the ticket then: "hold" or "close_incomplete".'
    )
