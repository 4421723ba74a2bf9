"""One measured figure, and whether it is good enough."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """`target` is met at most, or at least, as `bound` says; None: nothing is asked of it, it stands beside others."""

    name: str
    value: float
    unit: str
    target: float | None = None
    bound: Literal["at most", "at least"] = "at most"

    @property
    def met(self) -> bool | None:
        """None where there is no target."""
        if self.target is None:
            return None
        return self.value <= self.target if self.bound == "at most" else self.value >= self.target

    def line(self) -> str:
        """As JSON, on one line."""
        shown = asdict(self) | {"value": round(self.value, 3), "met": self.met}
        return json.dumps({key: shown[key] for key in ("name", "value", "unit", "target", "met")})


def middle(values: Iterable[float], share: float = 0.5) -> float:
    """The value that `share` of all don't exceed. Raises ValueError where there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
