"""A month of requests: small enough to be counted by hand, with everything in it that is counted in its own way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.worker.reporting.ledgers import DAY, HOUR, MINUTE, Life, log_in, tell
from worker.ledger.database import Ledger
from worker.ledger.states import State

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SINCE = NOW - 30 * DAY
LINK, CODE, KEY, KEY_LINK = "mobile.activation_link", "mobile.bypass_code", "key.bypass_code", "key.enrollment_link"
ADD = "mobile.add_phone"


def on(day: int, hour: int = 9, *, month: int = 11) -> datetime:
    """A full hour of the year."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return count * MINUTE


def month(ledger: Ledger) -> None:
    """Fifteen requests of twelve people, and two from before that only count as earlier ones."""
    tell(ledger, *_links(), *_codes(), *_others(), *_before())
    log_in(ledger, "ida", on(14) + 2 * DAY + HOUR)
    log_in(ledger, "gus", on(13) + HOUR, factor="duo_push")
    log_in(ledger, "gus", on(13) + 9 * HOUR)  # when the code had lapsed: it was another one


def _links() -> tuple[Life, ...]:
    closed: dict[str, Any] = {"option": LINK, "state": State.CLOSED, "how": "enrolled"}
    return (
        Life("A1", on(20), "ann", **closed, delivered=[minutes(2)], enrolled=minutes(62)),
        Life("A2", on(20, 10), "bob", **closed, delivered=[minutes(4)], enrolled=minutes(30)),
        Life("A3", on(17), "cay", LINK, state=State.HELD, row="give-up", delivered=[minutes(10)], held=[(7 * DAY, "")]),
        Life("A4", on(24), "dan", LINK, state=State.AWAITING, row="resend-activation", delivered=[minutes(6)]),
        Life("T1", on(19), "mia", LINK, state=State.HELD, row="technician", taken_over=MINUTE),
    )


def _codes() -> tuple[Life, ...]:
    eight = 8 * HOUR
    return (
        Life("B1", on(10), "eve", CODE, state=State.CLOSED, how="enrolled", row="mobile-code",
             held=[(MINUTE, "identity-check")], decided=minutes(50), delivered=[minutes(60), minutes(100)],
             enrolled=minutes(120), codes=[(minutes(55), eight)], taken_back=[0]),
        Life("B2", on(12), "fay", CODE, state=State.HELD, row="code-used-nothing-added", held=[(5 * HOUR, "")],
             delivered=[minutes(20)], codes=[(minutes(19), eight)], taken_back=[0], warned=5 * HOUR),
        Life("B3", on(13), "gus", CODE, state=State.HELD, row="give-up", held=[(7 * DAY, "")],
             delivered=[minutes(30)], codes=[(minutes(29), eight)], taken_back=[0]),
        Life("B4", on(24, 14), "hal", CODE, state=State.AWAITING, row="mobile-code",
             delivered=[minutes(1)], codes=[(minutes(1), eight)]),
        Life("K1", on(14), "ida", KEY, state=State.CLOSED, how="closed by a person", row="key-code",
             delivered=[minutes(5), 2 * DAY], codes=[(minutes(4), eight), (2 * DAY, eight)], taken_back=[0, 1]),
    )  # fmt: skip


def _others() -> tuple[Life, ...]:
    return (
        Life("L1", on(15), "jon", KEY_LINK, state=State.HELD, row="another-kind", devices=("a phone",),
             delivered=[minutes(3)], held=[(HOUR, "")]),
        Life("M1", on(22), "ann", ADD, LINK, state=State.CLOSED, how="enrolled", delivered=[minutes(8)],
             enrolled=minutes(20)),
        Life("H1", on(23), "bob", "hold", state=State.HELD, row="identity-check", held=[(MINUTE, "")]),
        Life("H2", on(24), "ann", "hold", state=State.CLOSED, how="closed by a person", row="no-address",
             held=[(MINUTE, "")]),
        Life("U1", on(24, 14), "kim"),
    )  # fmt: skip


def _before() -> tuple[Life, ...]:
    """Gus filed 20 days before his request of this month, Cay 32 days."""
    return Life("Z1", on(24, month=10), "gus"), Life("Z2", on(16, month=10), "cay")
