"""`[rules]`: which decision tables are used."""

from pydantic import Field

from worker.settings.paths import OptionalPath
from worker.settings.table import Table


class Rules(Table):
    """Which decision tables are used. The guards are always the shipped ones."""

    enrollment: OptionalPath = Field(None, description="File of the enrolment table. Empty: the shipped one.")
    follow_up: OptionalPath = Field(None, description="File of the follow-up table. Empty: the shipped one.")
