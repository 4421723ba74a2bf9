"""The arithmetic of a cut-over day, held against requests that are counted and a queue that is played."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, literal

from connectors.sandbox.calls import Call
from connectors.teamdynamix.kinds import kind
from tests.bench.district import OPTIONS
from tests.rig import Clock, Rig, System, running
from worker.forecasting import (
    CALLS,
    CODES,
    DUO,
    MAIL,
    PHONES,
    PUSHER,
    SERVICENOW,
    TEAMDYNAMIX,
    TICKETS,
    Budgets,
    forecast,
)
from worker.ledger.budget import PATIENCE, Pace, take
from worker.ledger.columns import EPOCH, microseconds
from worker.ledger.database import Ledger
from worker.once import refresh_directory

SHIPPED = Budgets({SERVICENOW: 120, DUO: 240, PUSHER: 100, MAIL: 120}, {CODES: 200, PHONES: 50}, timedelta(seconds=15))
UNCAPPED = Budgets(SHIPPED.calls_per_minute, {CODES: 1_000_000, PHONES: 1_000_000}, SHIPPED.poll_every)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as made:
        yield made


@pytest.mark.parametrize("option", OPTIONS)
def test_no_request_costs_more_calls_than_a_forecast_reckons_with(option: str, tmp_path: Path, system: System) -> None:
    asked = OPTIONS[option]
    approved = asked.proof == "approved" and system == "servicenow"  # elsewhere it proves nothing
    with running(tmp_path, {"teamdynamix": {"comments_are_mailed": True}}, system=system) as rig:
        if asked.number:
            person = rig.person(asked.kind)
            rig.site.set_user(person.user_name, u_hr_phone=person.number)
        filed = rig.file(
            asked.kind,
            device=asked.device,
            number="own" if asked.number else "",
            preferred=asked.preferred,
            approval="requested" if approved else "not requested",
        )
        if approved:
            rig.site.approve(filed.item.number, "approver.ada")
        elif asked.proof:
            rig.verify(filed)
        refresh_directory(rig.shop)
        before = len(rig.sandbox.calls)
        rig.once()
        made = [
            call
            for call in rig.sandbox.calls.select(since=before)
            if not any(part in call.path for part in ("logs", "oauth", "/auth/", "/search"))
        ]
        assert rig.request(filed).outcome == option
        assert rig.request(filed).delivered_at is not None
    counts = Counter(budget_of(call) for call in made if call.writes or call.system != SERVICENOW)
    assert counts.keys() >= {system, DUO, MAIL} if system == SERVICENOW else len(counts) >= 6
    most = {**TICKETS[system], **CALLS[option]}
    assert {name: count for name, count in counts.items() if count > most.get(name, 0)} == {}


def budget_of(call: Call) -> str:
    """The name of the budget that a call comes out of."""
    if call.system != TEAMDYNAMIX:
        return call.system
    return f"{TEAMDYNAMIX} {kind(call.method, call.path.partition('/api/')[2])}"


@pytest.mark.parametrize("people", [10_000, 100_000, 1_000_000])
def test_shards_share_the_people_and_so_the_time(people: int) -> None:
    for one, two in zip(forecast(people // 10, SHIPPED), forecast(people, SHIPPED), strict=True):
        assert one.limit.minutes is not None
        assert two.limit.minutes == pytest.approx(10 * one.limit.minutes)


def test_shipped_caps_limit_before_any_system_does() -> None:
    limits = {each.option: each.limit.name for each in forecast(10_000, SHIPPED)}
    assert limits["mobile.bypass_code"] == CODES
    assert limits["mobile.activation_link"] == PHONES


def test_servicenow_limits_a_code_before_duo_once_the_caps_are_raised() -> None:
    limits = {each.option: each.limit.name for each in forecast(10_000, UNCAPPED)}
    assert limits["key.enrollment_link"] == SERVICENOW
    assert limits["mobile.add_phone"] == DUO


@pytest.mark.parametrize("option", ["key.enrollment_link", "mobile.add_phone"])
def test_the_limiter_itself_takes_as_long_as_the_forecast_says(option: str, rig: Rig) -> None:
    people = 500
    said = next(each for each in forecast(people, UNCAPPED) if each.option == option)
    calls = {**TICKETS[SERVICENOW], **CALLS[option]}
    minutes = max(played(rig, system, people * calls[system]) for system in (SERVICENOW, DUO))
    assert said.limit.minutes == pytest.approx(minutes, rel=0.02)


def test_two_shards_take_half_the_time_of_what_each_has_its_own_of_and_no_less_of_what_they_share(rig: Rig) -> None:
    calls, limit = 600, UNCAPPED.calls_per_minute[DUO]
    together = played(rig, DUO, calls)
    rig.clock.pass_(timedelta(hours=1))  # by then a budget is as nobody had used it
    assert played(rig, DUO, calls // 2) == pytest.approx(together / 2, rel=0.02)
    rig.clock.pass_(timedelta(hours=1))
    assert played(rig, DUO, calls // 2, limit // 2) >= together * 0.98


def test_on_teamdynamix_reading_tickets_limits_a_day_and_the_polls_take_nothing_of_it() -> None:
    each = TICKETS[TEAMDYNAMIX]
    budgets = Budgets(
        {**UNCAPPED.calls_per_minute, **dict.fromkeys(each, 55)}, UNCAPPED.per_hour, timedelta(seconds=15), TEAMDYNAMIX
    )
    for found in forecast(1000, budgets):
        assert found.limit.name == "teamdynamix GET tickets"
        assert found.limit.minutes == pytest.approx(1000 * 3 / 52, rel=0.01)
        assert all(not need.name.startswith(SERVICENOW) for need in found.needs)


def test_no_budget_for_more_than_polls_is_never_done() -> None:
    starved = Budgets({**SHIPPED.calls_per_minute, SERVICENOW: 3}, SHIPPED.per_hour, timedelta(seconds=15))
    assert {each.limit.minutes for each in forecast(1, starved)} == {None}


def played(rig: Rig, system: str, calls: int, limit: int | None = None) -> float:
    """Minutes of the injected clock until so many calls had their slots, polls between those of ServiceNow."""
    known = rig.shop.ledger
    ledger = Unhurried(known.engine, known.keys, rig.clock)
    pace, begun, polled = Pace(limit or UNCAPPED.calls_per_minute[system]), rig.clock(), rig.clock()
    while calls:
        due = system == SERVICENOW and rig.clock() >= polled
        for _ in range(3 if due else 1):
            rig.clock.pass_(take(ledger, system, pace, patience=PATIENCE).wait)
        calls -= not due
        polled += UNCAPPED.poll_every if due else timedelta()
    return (rig.clock() - begun) / timedelta(minutes=1)


@dataclass(frozen=True)
class Unhurried(Ledger):
    """A ledger whose own clock is the injected one."""

    clock: Clock

    @property
    def now(self) -> Any:
        return literal(microseconds(self.clock() - EPOCH), BigInteger)
