"""One line of a fault plan, as data: which calls fail, and how."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.sandbox.faults import http, mail


def kinds(system: str) -> Collection[str]:
    """The names of what can go wrong with a call to `system`."""
    if system == "mail":
        return mail.KINDS.keys()
    return tuple(name for name, kind in http.KINDS.items() if system in kind.systems)


@dataclass(frozen=True)
class Rule:
    """`kind` befalls calls of `system`: the `nth` that matches and the `times` - 1 after it, or each with `chance`.

    `method` and `route`, a regular expression for some part of the path, narrow what matches; a mail has neither.
    `lasts` is how long silence, closing, slowness or lateness last, where the kind's own time won't do; the last by
    the sandbox's clock, the others in real time. `before` is done ahead of the call.
    """

    system: str
    kind: str
    method: str = ""
    route: str = ""
    nth: int = 1
    times: int = 1
    chance: float = 0.0
    lasts: timedelta | None = None
    before: Callable[[], object] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError for what can't be a rule."""
        if self.kind not in kinds(self.system):
            known = ", ".join(sorted(kinds(self.system)))
            raise ValueError(f"{self.system or 'no system'}: no kind {self.kind!r}; there are: {known}")
        if self.nth < 1 or self.times < 1 or not 0 <= self.chance <= 1:
            raise ValueError("nth and times count from 1, chance is between 0 and 1")
        re.compile(self.route)

    @property
    def commits(self) -> bool:
        """Whether the call is carried out all the same."""
        return mail.KINDS[self.kind].commits if self.system == "mail" else http.KINDS[self.kind].commits

    def matches(self, system: str, method: str, path: str) -> bool:
        """Whether the rule is about such a call."""
        return (
            system == self.system and self.method in ("", method) and re.search(self.route, path) is not None
        )  # fmt: skip
