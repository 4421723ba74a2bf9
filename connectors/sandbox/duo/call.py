"""One call that got past the door: signed, within the limits, permitted."""

from dataclasses import dataclass

from connectors.sandbox.duo.parameters import Parameters


@dataclass(frozen=True)
class Call:
    """`ids` are the parts of the path that a route leaves open, in order."""

    ids: tuple[str, ...]
    parameters: Parameters
