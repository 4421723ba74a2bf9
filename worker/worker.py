"""The worker's tools, built once by `wiring` and handed to whatever acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.duo.transport import Admin
from connectors.mail import Mailer
from connectors.password_pusher import PasswordPusher
from worker.brakes import surge_factor
from worker.case import Clock
from worker.directory import Directory
from worker.facts.settings import PolicySettings
from worker.fresh import FreshTickets
from worker.gates import Slot, Turnstile
from worker.ledger.database import Ledger
from worker.rule_tables import RuleTables
from worker.telephony import TelephonyLog
from worker.texts.texts import Texts
from worker.tickets.system import Tickets
from worker.windows import FollowUp, Windows


@dataclass(frozen=True)
class Systems:
    """The outside world."""

    tickets: Tickets
    duo: Admin
    password_pusher: PasswordPusher
    mail: Mailer


@dataclass(frozen=True)
class Delivery:
    """How codes and links are issued and delivered: keys of [policy], [password_pusher] and the ticket system."""

    code_valid: timedelta
    code_uses: int
    activation_valid: timedelta
    enrollment_valid: timedelta
    expire_after_days: int
    expire_after_views: int
    codes_per_hour: int
    phones_per_hour: int
    passphrase: Literal["auto", "field", "ticket", "none"]
    passphrase_field: str
    comments_are_mailed: bool
    sender_domain: str


@dataclass(frozen=True)
class Spans:
    """Spans that limits are counted over, from [policy]."""

    codes: timedelta
    opener: timedelta
    reset: timedelta


@dataclass(frozen=True)
class Caps:
    """How many of each may be issued in an hour."""

    codes_per_hour: int
    phones_per_hour: int


@dataclass(frozen=True)
class Worker:
    """Everything that acting on requests needs. Safe to share between threads.

    `renewals`: how often each system had been resumed when its secrets were read. `turnstiles`: those of which a slot
    may be taken ahead.
    """

    ledger: Ledger
    systems: Systems
    tickets: FreshTickets
    directory: Callable[[], Directory]
    tables: RuleTables
    texts: Texts
    policy: PolicySettings
    delivery: Delivery
    clock: Clock
    owner: str
    lease: timedelta
    shadow: bool
    guards_off: tuple[str, ...]
    spans: Spans
    follow_up: FollowUp
    renewals: Mapping[str, int]
    telephony: TelephonyLog
    turnstiles: Mapping[str, Turnstile]

    def slot(self, calls: str | None) -> Slot:
        """For the first call of a step, to what it `calls`; an empty one where none is taken ahead."""
        return Slot(self.turnstiles.get(calls) if calls else None)

    @property
    def me(self) -> str:
        """The worker's user name at the ticket system."""
        return self.systems.tickets.me()

    def windows(self, now: datetime) -> Windows:
        """The spans that limits are counted over, ending now."""
        return Windows(now, self.spans.codes, self.spans.opener, self.spans.reset)

    def caps(self) -> Caps:
        """The caps an hour in force."""
        factor = surge_factor(self.ledger, self.clock())
        return Caps(self.delivery.codes_per_hour * factor, self.delivery.phones_per_hour * factor)
