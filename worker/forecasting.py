"""What a cut-over day needs: how long each system's budget takes for so many people, and which of them limits. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from worker.ledger.budget import Pace

SERVICENOW, DUO, PUSHER, MAIL = "servicenow", "duo", "password_pusher", "mail"
CODES, PHONES = "codes_per_hour", "phones_per_hour"

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)

CALLS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "mobile.bypass_code": {SERVICENOW: 2, DUO: 3, PUSHER: 1, MAIL: 2, CODES: 1},
        "mobile.activation_link": {SERVICENOW: 2, DUO: 3, MAIL: 1, PHONES: 1},
        "mobile.add_phone": {SERVICENOW: 2, DUO: 7, MAIL: 1, PHONES: 2},
        "key.bypass_code": {SERVICENOW: 2, DUO: 3, PUSHER: 1, MAIL: 2, CODES: 1},
        "key.enrollment_link": {SERVICENOW: 2, DUO: 2, MAIL: 1},
    }
)
"""Until a request is delivered, at most: calls of each system, and what counts for a cap an hour.

mobile.add_phone goes on with an activation link. ServiceNow's are the writes; polls are taken off its budget.
"""


@dataclass(frozen=True)
class Budgets:
    """What may be done: calls a minute by system, the caps an hour, and how often is polled."""

    calls_per_minute: Mapping[str, int]
    per_hour: Mapping[str, int]
    poll_every: timedelta

    def rate(self, name: str) -> float:
        """How many a minute, in the long run; of ServiceNow's what its polls leave (three calls for each)."""
        if name in self.per_hour:
            return self.per_hour[name] * (MINUTE / HOUR)
        steady = MINUTE / Pace(self.calls_per_minute[name]).interval
        polls = 3 * (MINUTE / self.poll_every) if name == SERVICENOW else 0
        return max(0.0, steady - polls)


@dataclass(frozen=True)
class Need:
    """What one system, or one cap, has to give, and how long that takes; None: it never gives it."""

    name: str
    each: int
    total: int
    minutes: float | None


@dataclass(frozen=True)
class Forecast:
    """For one option, were it everybody's. `limit` is what takes longest."""

    option: str
    needs: tuple[Need, ...]

    @property
    def limit(self) -> Need:
        """The need that takes longest; all others are done by then."""
        return max(self.needs, key=lambda need: float("inf") if need.minutes is None else need.minutes)


def forecast(people: int, budgets: Budgets) -> tuple[Forecast, ...]:
    """One for each option."""
    return tuple(
        Forecast(option, tuple(_need(name, each, people, budgets) for name, each in calls.items()))
        for option, calls in CALLS.items()
    )


def _need(name: str, each: int, people: int, budgets: Budgets) -> Need:
    total, rate = each * people, budgets.rate(name)
    return Need(name, each, total, total / rate if rate else None)
