"""The journal: what is written before and after a step, and what is taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from tests.worker.ledger.conftest import NOW
from worker.ledger import history, leases, requests, steps
from worker.ledger.database import Ledger
from worker.ledger.leases import Claim
from worker.ledger.rows import Planned, StepRow
from worker.ledger.states import State
from worker.ledger.steps import Cap, CapReached

LEASE = timedelta(minutes=3)


class Forbidden(Exception):
    """Something doesn't hold."""


def acting(ledger: Ledger, key: int, *names: str) -> tuple[Claim, list[StepRow]]:
    claim = leases.claim(ledger, key, owner="w", lease=LEASE, due_by=None)
    assert claim is not None
    plan = [Planned(name) for name in names]
    claim = requests.move(ledger, claim, State.ACTING, NOW, event="decided", plan=plan)
    return claim, list(steps.of(ledger, key))


def test_a_beginning_that_was_certainly_not_sent_leaves_no_trace(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (step,) = acting(ledger, file(), "code_in_push")
    steps.begin(ledger, claim, step, {"valid_secs": 1}, NOW)
    steps.not_sent(ledger, claim, step)
    assert steps.of(ledger, claim.request.id) == [step]
    with ledger.reading() as connection:
        assert steps.attempts_of_person(connection, "servicenow", "p1", "code_in_push", NOW - LEASE) == 0


def test_what_is_written_of_a_step_is_what_is_read_of_it(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (code, note) = acting(ledger, file(), "code_in_push", "take")
    code = steps.begin(ledger, claim, code, {"phones": ("DP1",), "by_place": {1: "first"}}, NOW)
    assert [code, note] == steps.of(ledger, claim.request.id)
    claim, code = steps.end(ledger, claim, code, NOW, result={"at": ("x", 2)}, secret="token", trouble="t")
    note = steps.refused(ledger, claim, steps.begin(ledger, claim, note, {}, NOW), "550", NOW)
    assert [code, note] == steps.of(ledger, claim.request.id)
    assert claim.request.trouble == "t"


def test_what_must_hold_when_a_step_begins_is_asked_in_its_transaction(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    claim, (step,) = acting(ledger, file(), "code_in_push")

    def refuse(_: Connection) -> None:
        raise Forbidden

    with pytest.raises(Forbidden):
        steps.begin(ledger, claim, step, {}, NOW, first=refuse)
    assert steps.of(ledger, claim.request.id) == [step]


def test_what_each_attempt_was_about_to_do_is_kept(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (step,) = acting(ledger, file(), "code_in_push")
    steps.begin(ledger, claim, step, {"n": 1}, NOW)
    (step,) = steps.of(ledger, claim.request.id)
    steps.begin(ledger, claim, step, {"n": 2}, NOW)
    (step,) = steps.of(ledger, claim.request.id)
    assert (step.attempts, step.intents, step.intent) == (2, ({"n": 1}, {"n": 2}), {"n": 2})


def test_a_token_is_sealed_in_the_ledgers_file(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (step,) = acting(ledger, file(), "code_in_push")
    steps.end(ledger, claim, step, NOW, result={}, secret="a-token-nobody-may-read")
    (step,) = steps.of(ledger, claim.request.id)
    assert b"nobody" not in (step.secret or b"")
    assert ledger.keys.open(step.secret or b"") == "a-token-nobody-may-read"


def test_a_new_plan_drops_what_was_planned_and_what_was_begun(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (take, _) = acting(ledger, file(), "take", "notice")
    steps.begin(ledger, claim, take, {}, NOW)
    requests.move(ledger, claim, State.HELD, NOW, event="held", plan=[Planned("revoke_code", 1)])
    assert [(s.name, s.state, s.target) for s in steps.of(ledger, claim.request.id)] == [
        ("take", "dropped", 0),
        ("notice", "dropped", 0),
        ("revoke_code", "planned", 1),
    ]


def test_a_cap_makes_the_next_one_wait_until_the_oldest_is_an_hour_old(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    cap = Cap("codes an hour", ("code_in_push",), 2)
    for place, minutes in enumerate((0, 10)):
        claim, (step,) = acting(ledger, file(f"t{place}", f"p{place}"), "code_in_push")
        steps.begin(ledger, claim, step, {}, NOW + timedelta(minutes=minutes), cap=cap)
    claim, (step,) = acting(ledger, file("t9", "p9"), "code_in_push")
    with pytest.raises(CapReached) as reached:
        steps.begin(ledger, claim, step, {}, NOW + timedelta(minutes=20), cap=cap)
    assert reached.value.until == NOW + timedelta(hours=1)
    steps.begin(ledger, claim, step, {}, NOW + timedelta(minutes=61), cap=cap)


def test_a_phone_that_was_made_is_marked_for_good(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (step,) = acting(ledger, file(), "create_phone")
    steps.end(ledger, claim, step, NOW, result={"phone_id": "DP1"}, made_phone="DP1")
    with ledger.reading() as connection:
        assert history.made_by_worker(connection) == {"DP1"}
