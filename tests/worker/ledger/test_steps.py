"""The journal: what is written before and after a step, and what is taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, update

from tests.worker.ledger.conftest import NOW
from worker.ledger import authentic, history, leases, marks, requests, seen, steps, views
from worker.ledger.database import Ledger
from worker.ledger.leases import Claim, LeaseLost
from worker.ledger.migrate import BORN
from worker.ledger.rows import Planned, StepRow
from worker.ledger.schema import steps as table
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


def test_a_second_beginning_that_was_not_sent_leaves_the_first(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (step,) = acting(ledger, file(), "code_in_push")
    first = steps.begin(ledger, claim, step, {"valid_secs": 1}, NOW)
    steps.begin(ledger, claim, first, {"valid_secs": 2}, NOW + LEASE)
    again = steps.not_sent(ledger, claim, first)
    assert steps.of(ledger, claim.request.id) == [again]
    assert (again.state, again.attempts, again.intents) == ("planned", 1, ({"valid_secs": 1},))


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

    def refuse(connection: Connection) -> None:
        assert connection.in_transaction()
        raise Forbidden

    with pytest.raises(Forbidden):
        steps.begin(ledger, claim, step, {}, NOW, first=refuse)
    with pytest.raises(Forbidden):
        leases.renew(ledger, claim, first=refuse)
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


def test_what_is_written_also_is_there_with_the_end_of_the_step_or_not_at_all(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    claim, (step,) = acting(ledger, file(), "take")
    reading = ("t1", "7/3")
    noted = partial(seen.put, system="servicenow", ticket_id="t1", stamp="7/3", now=NOW)
    leases.release(ledger, claim)
    with pytest.raises(LeaseLost):
        steps.end(ledger, claim, step, NOW, result={}, also=noted)
    with ledger.reading() as connection:
        assert seen.known(connection, "servicenow", [reading]) == set()
    again = leases.claim(ledger, claim.request.id, owner="b", lease=LEASE, due_by=None)
    assert again is not None
    steps.end(ledger, again, step, NOW, result={}, also=noted)
    with ledger.reading() as connection:
        assert seen.known(connection, "servicenow", [reading]) == {reading}


def test_a_cap_counts_the_latest_beginnings_of_its_own_steps_for_an_hour(
    ledger: Ledger, file: Callable[..., int]
) -> None:
    cap = Cap("codes an hour", ("code_in_push", "activation_text"), 2)
    begun = (("code_in_push", 0), ("activation_text", 10), ("code_in_push", 20), ("notice", 30))
    for place, (name, minutes) in enumerate(begun):
        claim, (step,) = acting(ledger, file(f"t{place}", f"p{place}"), name)
        steps.begin(ledger, claim, step, {}, NOW + timedelta(minutes=minutes))
    claim, (step,) = acting(ledger, file("t9", "p9"), "code_in_push")
    with pytest.raises(CapReached, match=r"^codes an hour$") as reached:
        steps.begin(ledger, claim, step, {}, NOW + timedelta(minutes=69), cap=cap)
    assert (reached.value.what, reached.value.until) == ("codes an hour", NOW + timedelta(minutes=70))
    assert steps.of(ledger, claim.request.id) == [step], "nothing was written"
    steps.begin(ledger, claim, step, {}, NOW + timedelta(minutes=70), cap=cap)
    with ledger.reading() as connection:
        assert marks.get(connection, BORN) == ({}, NOW), "other marks keep their times"


def test_another_attempt_of_what_was_begun_is_not_held_back_by_a_cap(ledger: Ledger, file: Callable[..., int]) -> None:
    cap = Cap("codes an hour", ("code_in_push",), 1)
    claim, (step,) = acting(ledger, file(), "code_in_push")
    steps.begin(ledger, claim, step, {}, NOW, cap=cap)
    (step,) = steps.of(ledger, claim.request.id)
    steps.begin(ledger, claim, step, {}, NOW, cap=cap)
    (step,) = steps.of(ledger, claim.request.id)
    assert step.attempts == 2


def test_how_a_step_ended_is_in_the_requests_story(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, (one, two) = acting(ledger, file(), "create_phone", "notice")
    steps.end(ledger, claim, one, NOW + LEASE, result={"phone_id": "DP1"}, duo_user_id="DU1")
    steps.refused(ledger, claim, two, "550", NOW + 2 * LEASE)
    with ledger.reading() as connection:
        found, story = views.story(connection, claim.request)
        request = history.by_id(connection, claim.request.id)
    assert [(event.name, event.at, event.detail) for event in story[2:]] == [
        ("step_done", NOW + LEASE, {"step": "create_phone"}),
        ("step_refused", NOW + 2 * LEASE, {"step": "notice", "code": "550"}),
    ]
    assert [(step.state, step.result, step.ended_at, step.secret) for step in found] == [
        ("done", {"phone_id": "DP1"}, NOW + LEASE, None),
        ("failed", {"refused": "550"}, NOW + 2 * LEASE, None),
    ]
    assert request is not None
    assert request.duo_user_id == "DU1"
    with ledger.reading() as connection:
        assert history.made_by_worker(connection) == frozenset(), "none was said to be ours"


FORGERIES = {
    "a part of another request's": {"seq": 2},
    "another round's": {"round": 7},
    "another step's": {"name": "notice"},
    "another target": {"target": 3},
    "another state": {"state": "done"},
    "another count": {"attempts": 0},
    "another intent": {"intents": [{"user": "other"}]},
    "another result": {"result": {"phone_id": "DP9"}},
    "another secret": {"secret": b"another"},
    "no secret": {"secret": None},
    "another beginning": {"begun_at": NOW + LEASE},
    "no beginning": {"begun_at": None},
    "an end": {"ended_at": NOW},
    "no seal": {"seal": ""},
}


@pytest.mark.parametrize("changes", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_row_that_is_not_as_the_worker_wrote_it_says_nothing(
    ledger: Ledger, file: Callable[..., int], changes: dict[str, object]
) -> None:
    claim, (step,) = acting(ledger, file(), "code_in_push")
    steps.begin(ledger, claim, step, {"user": "mine"}, NOW)
    (step,) = steps.of(ledger, claim.request.id)
    with ledger.writing() as connection:
        authentic.put(connection, ledger.keys, replace(step, secret=b"sealed", result={"n": 1}))
    assert [(row.state, row.secret) for row in steps.of(ledger, claim.request.id)] == [("begun", b"sealed")]
    with ledger.writing() as connection:
        connection.execute(update(table).values(**changes))
    (forged,) = steps.of(ledger, claim.request.id)
    assert (forged.state, forged.attempts, forged.intents, forged.result, forged.secret) == ("forged", 0, (), {}, None)
    requests.move(ledger, claim, State.HELD, NOW, event="held")
    with ledger.reading() as connection:
        kept = connection.execute(table.select()).one()
    assert kept.state == ("done" if changes == {"state": "done"} else "dropped")
    assert [row.state for row in steps.of(ledger, claim.request.id)] == ["forged"], "it isn't made good"


def test_a_row_of_another_request_is_not_this_ones(ledger: Ledger, file: Callable[..., int]) -> None:
    claim, _ = acting(ledger, file("a", "p1"), "take")
    other = file("b", "p2")
    with ledger.writing() as connection:
        connection.execute(update(table).values(request_id=other))
    assert [row.state for row in steps.of(ledger, other)] == ["forged"]
    assert steps.of(ledger, claim.request.id) == []
