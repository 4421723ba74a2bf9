"""What a cut-over day needs: how long each system's budget takes for so many people, and which of them limits. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from connectors.teamdynamix import kinds
from worker.ledger.budget import Pace

SERVICENOW, TEAMDYNAMIX, DUO, PUSHER, MAIL = "servicenow", "teamdynamix", "duo", "password_pusher", "mail"
CODES, PHONES = "codes_per_hour", "phones_per_hour"

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)

TICKETS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        SERVICENOW: {SERVICENOW: 2},
        TEAMDYNAMIX: {
            f"{TEAMDYNAMIX} {kinds.READ}": 3,
            f"{TEAMDYNAMIX} {kinds.READ_FEED}": 2,
            f"{TEAMDYNAMIX} {kinds.PERSON}": 2,
            f"{TEAMDYNAMIX} {kinds.PATCH}": 1,
            f"{TEAMDYNAMIX} {kinds.POST_FEED}": 2,
        },
    }
)
"""Calls of each ticket system until a request is delivered, at most, by the names of their budgets.

ServiceNow's are the writes; polls are taken off its budget. TeamDynamix counts kinds apart, and of the searches each
request has a share only. Whoever has waited for their turn is read a second time before it.
"""

CALLS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "mobile.bypass_code": {DUO: 3, PUSHER: 1, MAIL: 2, CODES: 1},
        "mobile.activation_link": {DUO: 3, MAIL: 1, PHONES: 1},
        "mobile.add_phone": {DUO: 6, MAIL: 1, PHONES: 2},
        "key.bypass_code": {DUO: 3, PUSHER: 1, MAIL: 2, CODES: 1},
        "key.enrollment_link": {DUO: 2, MAIL: 1},
    }
)
"""As `TICKETS`, of the other systems by option, and what counts for a cap an hour.

mobile.add_phone goes on with an activation link.
"""


@dataclass(frozen=True)
class Budgets:
    """What may be done: calls a minute by budget, the caps an hour, how often is polled, and which ticket system."""

    calls_per_minute: Mapping[str, int]
    per_hour: Mapping[str, int]
    poll_every: timedelta
    tickets: str = SERVICENOW

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
    of_tickets = TICKETS[budgets.tickets]
    return tuple(_forecast(option, {**of_tickets, **calls}, people, budgets) for option, calls in CALLS.items())


def _forecast(option: str, calls: Mapping[str, int], people: int, budgets: Budgets) -> Forecast:
    return Forecast(option, tuple(_need(name, each, people, budgets) for name, each in calls.items()))


def _need(name: str, each: int, people: int, budgets: Budgets) -> Need:
    total, rate = each * people, budgets.rate(name)
    return Need(name, each, total, total / rate if rate else None)
