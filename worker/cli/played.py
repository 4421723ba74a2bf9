"""The option of `demo` and `sandbox` that says which ticket system people file with."""

from enum import StrEnum

import typer


class System(StrEnum):
    """The ticket systems that the sandbox has."""

    SERVICENOW = "servicenow"
    TEAMDYNAMIX = "teamdynamix"


SYSTEM = typer.Option("--tickets", metavar="SYSTEM", help="Where the people file: servicenow or teamdynamix.")
