"""Carrying out what is planned: what is written before and after each step, and what a failed call leaves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.secret import Secret
from tests.worker.fulfil.outside import (
    LATER,
    LEASE,
    Outside,
    begun,
    carry_out,
    holds_no_more,
    later_case,
    row,
    states,
)
from tests.worker.ledger.conftest import NOW
from worker.case import Case
from worker.fulfil import Wait, fulfil
from worker.lease_time import check, within_lease
from worker.ledger import history
from worker.ledger.database import Check, nothing
from worker.ledger.leases import LeaseLost
from worker.ledger.rows import StepRow
from worker.ledger.schema import requests as table
from worker.ledger.schema import steps
from worker.ledger.steps import Cap, CapReached
from worker.steps.step import Again, Result, Step

pytestmark = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)


def intended(case: Case, row: StepRow) -> dict[str, str]:
    return {row.name: case.request.number}


def capped(case: Case) -> Cap:
    return Cap(f"codes an hour before {case.request.number}", ("one",), 1)


def test_steps_are_done_in_order_and_each_is_written_down_before_it_is_sent(case: Case, outside: Outside) -> None:
    carry_out(case, {name: outside.step(intend=intended) for name in ("two", "one")})
    assert [(name, sent.state, sent.attempts, sent.intent) for name, sent in outside.asked] == [
        ("one", "begun", 1, {"one": "SCTASKt1"}),
        ("two", "begun", 1, {"two": "SCTASKt1"}),
    ]
    assert states(case) == [("one", "done"), ("two", "done")]
    assert [(done.begun_at, done.ended_at) for done in case.journal()] == [(NOW, NOW)] * 2


def test_what_is_done_is_not_done_again(case: Case, outside: Outside) -> None:
    table = {name: outside.step() for name in ("one", "two")}
    carry_out(case, table)
    carry_out(later_case(case), table)
    assert outside.names == ["one", "two"]


def test_the_next_step_finds_what_an_earlier_one_left(case: Case, outside: Outside) -> None:
    found: list[StepRow | None] = []

    def act(case: Case, _row: StepRow) -> Result:
        found.append(case.done("one"))
        return Result()

    outside.answers["one"] = Result(note={"phone_id": "DP1"})
    carry_out(case, {"one": outside.step(), "two": Step(act)})
    assert [before and before.result for before in found] == [{"phone_id": "DP1"}]


def test_a_slot_for_what_a_step_calls_is_taken_where_it_begins_and_lent_while_it_acts(case: Case) -> None:
    tools: Any = case.worker
    lent: list[bool] = []

    def act(_case: Case, _row: StepRow) -> Result:
        lent.append(tools.slots[-1].is_lent)
        return Result()

    carry_out(case, {"one": Step(act, calls="duo"), "two": Step(act)})
    assert [(slot.calls, slot.taken) for slot in tools.slots] == [
        ("duo", ["planned", "planned"]), (None, ["done", "planned"]),
    ]  # fmt: skip
    assert lent == [True, True]
    assert not any(slot.is_lent for slot in tools.slots)


def test_what_forbids_a_step_is_asked_in_its_transaction_before_a_slot_is_taken(case: Case, outside: Outside) -> None:
    tools: Any = case.worker

    def before(_case: Case, row: StepRow) -> Check:
        def refuse(connection: Connection) -> None:
            raise Wait(None, f"{row.name} {connection.execute(select(func.count()).select_from(table)).scalar_one()}")

        return refuse

    with pytest.raises(Wait) as raised:
        fulfil(case, {"one": outside.step(), "two": outside.step()}, before=before)
    assert raised.value.what == "one 1"
    assert [slot.taken for slot in tools.slots] == [[]]


def test_what_a_step_writes_also_is_written_with_its_end(case: Case, outside: Outside) -> None:
    def also(connection: Connection) -> None:
        history_of_one.extend(connection.execute(select(steps.c.state).where(steps.c.name == "one")).scalars())

    history_of_one: list[str] = []
    outside.answers["one"] = Result(also=also)
    carry_out(case, {"one": outside.step(), "two": outside.step()})
    assert history_of_one == ["done"]


def test_all_that_a_step_leaves_is_kept(case: Case, outside: Outside) -> None:
    left = Result({"push": "made"}, Secret("token"), "DP1", {"address_digest": "d"})
    outside.answers["one"] = left
    carry_out(case, {"one": outside.step(), "two": outside.step()})
    done = row(case, "one")
    assert done.result == {"push": "made"}
    assert case.worker.ledger.keys.open(done.secret or b"") == "token"
    assert row(case, "two").secret is None
    with case.worker.ledger.reading() as connection:
        assert history.made_by_worker(connection) == {"DP1"}
    assert case.request.address_digest == "d", "known at once to what comes next"
    assert later_case(case).request.address_digest == "d"


def test_whatever_forbids_going_on_is_asked_ahead_of_each_step(case: Case, outside: Outside) -> None:
    asked: list[tuple[str, str]] = []

    def before(given: Case, row: StepRow) -> Check:
        assert given is case
        asked.append((row.name, row.state))
        if row.name == "two":
            raise Wait(LATER, "a reason", waits_for="it")
        return nothing

    with pytest.raises(Wait) as waits:
        fulfil(case, {name: outside.step() for name in ("one", "two")}, before=before)
    assert asked == [("one", "planned"), ("two", "planned")]
    assert (waits.value.until, waits.value.what, str(waits.value)) == (LATER, "a reason", "a reason")
    assert waits.value.values == {"waits_for": "it"}
    assert states(case) == [("one", "done"), ("two", "planned")]


def test_what_must_hold_when_a_step_begins_is_asked_before_anything_of_it_is_written(
    case: Case, outside: Outside
) -> None:
    with pytest.raises(Wait, match="one"):
        fulfil(case, {"one": outside.step()}, before=holds_no_more)
    assert outside.asked == []
    assert row(case, "one").attempts == 0


@pytest.mark.parametrize("failure", [Unavailable("duo", "no"), Misconfigured("duo", "no")])
def test_a_call_that_was_not_sent_leaves_the_step_planned(case: Case, outside: Outside, failure: Exception) -> None:
    outside.answers["one"] = failure
    with pytest.raises(type(failure)):
        carry_out(case, {name: outside.step() for name in ("one", "two")})
    assert states(case) == [("one", "planned"), ("two", "planned")]
    assert row(case, "one").attempts == 0
    assert [pending.state for pending in case.pending()] == ["planned", "planned"], "the case knows it too"


def test_a_call_whose_answer_was_lost_leaves_the_step_begun(case: Case, outside: Outside) -> None:
    outside.answers["one"] = Uncertain("duo", "lost")
    with pytest.raises(Uncertain):
        carry_out(case, {name: outside.step() for name in ("one", "two")})
    assert states(case) == [("one", "begun"), ("two", "planned")]
    assert [pending.state for pending in case.pending()] == ["begun", "planned"]


def test_a_step_that_was_refused_has_failed_with_the_other_sides_code(case: Case, outside: Outside) -> None:
    outside.answers["one"] = Refused("duo", "40003", "duplicate")
    with pytest.raises(Refused):
        carry_out(case, {name: outside.step() for name in ("one", "two")})
    assert states(case) == [("one", "failed"), ("two", "planned")]
    failed = row(case, "one")
    assert (failed.result, failed.attempts, failed.ended_at) == ({"refused": "40003"}, 1, NOW)
    assert [pending.name for pending in case.pending()] == ["two"]


def test_a_note_that_was_refused_may_be_taken_another_time(case: Case, outside: Outside) -> None:
    outside.answers["one"] = Refused("servicenow", "403", "no")
    with pytest.raises(Refused):
        carry_out(case, {"one": outside.step(refusal_is_final=False), "two": outside.step()})
    assert states(case) == [("one", "begun"), ("two", "planned")]


def test_a_cap_is_asked_before_a_step_is_begun(case: Case, outside: Outside) -> None:
    with pytest.raises(CapReached, match="codes an hour before SCTASKt1"):
        carry_out(case, {name: outside.step(cap=capped) for name in ("one", "two")})
    assert states(case) == [("one", "done"), ("two", "planned")]


@pytest.mark.parametrize("resumed", [False, True])
def test_nothing_is_sent_once_somebody_else_has_the_request(case: Case, outside: Outside, resumed: bool) -> None:
    if resumed:
        begun(case, "one")
    with case.worker.ledger.writing() as connection:
        connection.execute(table.update().values(fence=99))
    with pytest.raises(LeaseLost):
        carry_out(case, {"one": outside.step(Again())})
    assert outside.asked == []


@pytest.mark.parametrize("resumed", [False, True])
def test_a_call_has_the_whole_lease_before_it(case: Case, outside: Outside, resumed: bool) -> None:
    if resumed:
        begun(case, "one")

    def act(_case: Case, _row: StepRow) -> Result:
        check("duo", LEASE - timedelta(seconds=30))
        return Result()

    with within_lease(timedelta()):
        carry_out(case, {"one": Step(act), "two": outside.step()})
    assert outside.names == ["two"]
