"""Writes that go together against the stand-in's Batch API."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from connectors.errors import Refused, Unavailable, Uncertain
from connectors.gate import free
from connectors.sandbox.servicenow import AbortRule, RateLimit
from connectors.servicenow.directory import account
from connectors.servicenow.table import Dropped, patch
from tests.connectors.servicenow.stand import Stand
from tests.connectors.servicenow.together import Door, together

FIELDS = {"state": "2", "work_notes": "a note"}
SHORT = timedelta(milliseconds=200)


def tasks_of(stand: Stand, count: int) -> list[str]:
    return [stand.file().task.sys_id for _ in range(count)]


def written(stand: Stand, records: Sequence[str], *, before: Callable[[], object] = free) -> list[Any]:
    """What came of writes that go together; `before` is done right before they go, when somebody has long signed in."""
    door = Door()
    signed_in = threading.Event()

    def gate() -> None:
        if signed_in.is_set():
            door()
        if door.passed == 1:
            before()

    instance = stand.instance(gate=gate, beside=free, timeout=SHORT)
    account(instance)
    stand.new_calls()
    signed_in.set()
    assert instance.batch is not None
    batch = instance.batch
    works = [partial(patch, instance, "sc_task", record, FIELDS, ["sys_mod_count"]) for record in records]
    return together(door, lambda: batch.waiting, works)


def notes(stand: Stand, record: str) -> list[str]:
    return [entry.text for entry in stand.servicenow.journal(record)]


def test_all_are_written_in_one_call_and_answered_as_they_stand(stand: Stand) -> None:
    tasks = tasks_of(stand, 6)
    rows = written(stand, tasks)
    assert [(row["sys_id"], row["state"], row["sys_mod_count"]) for row in rows] == [(task, "2", "1") for task in tasks]
    assert [notes(stand, task) for task in tasks] == [["a note"]] * 6
    assert [(call.method, call.path) for call in stand.new_calls()] == [("POST", "/api/now/v1/batch")]


def test_one_s_refusal_and_another_s_silence_are_theirs_alone(stand: Stand) -> None:
    (first, refused, dropped, last), gone = tasks_of(stand, 4), "0" * 32
    stand.servicenow.set_fields(refused, "admin", short_description="keep out")
    stand.servicenow.set_fields(dropped, "admin", state="-5")
    stand.servicenow.switch(
        abort_rules=(AbortRule("sc_task", "short_description=keep out", name="Not by robots"),),
        refused_moves=frozenset({("sc_task", "-5", "2")}),
    )
    came = written(stand, [first, refused, dropped, gone, last])
    assert [type(each) for each in came] == [dict, Refused, Dropped, Refused, dict]
    assert "Not by robots" in came[1].detail
    assert (came[2].row["state"], came[3].code) == ("-5", "404")
    assert [notes(stand, task) for task in (first, refused, dropped, last)] == [["a note"], [], [], ["a note"]]


def test_what_isn_t_served_in_time_is_uncertain_and_may_be_done(stand: Stand) -> None:
    tasks = tasks_of(stand, 4)
    stand.servicenow.switch(batch_serves=2)
    came = written(stand, tasks)
    assert [type(each) for each in came] == [dict, dict, Uncertain, Uncertain]
    assert [notes(stand, task) for task in tasks] == [["a note"], ["a note"], ["a note"], []]


def test_a_batch_whose_answer_is_lost_is_uncertain_for_all_and_sent_once(stand: Stand) -> None:
    tasks = tasks_of(stand, 3)
    came = written(stand, tasks, before=lambda: stand.servicenow.switch(mishap="committed"))
    assert [type(each) for each in came] == [Uncertain] * 3
    assert [notes(stand, task) for task in tasks] == [["a note"]] * 3
    assert len(stand.new_calls()) == 1


def test_a_batch_that_comes_back_cut_is_uncertain_for_all(stand: Stand) -> None:
    tasks = tasks_of(stand, 3)
    came = written(stand, tasks, before=lambda: stand.servicenow.switch(mishap="cut"))
    assert [type(each) for each in came] == [Uncertain] * 3


def test_an_item_over_the_limit_is_told_when_to_come_back(stand: Stand) -> None:
    tasks = tasks_of(stand, 3)
    came = written(stand, tasks, before=lambda: stand.servicenow.switch(rate_limits=(RateLimit(2),)))
    assert [type(each) for each in came] == [dict, dict, Unavailable]
    assert came[2].retry_after > timedelta()
    assert notes(stand, tasks[2]) == []


def test_an_old_token_costs_one_more_call_and_writes_once(stand: Stand) -> None:
    tasks = tasks_of(stand, 3)
    came = written(stand, tasks, before=stand.servicenow.expire_tokens)
    assert [type(each) for each in came] == [dict] * 3
    assert [call.status for call in stand.new_calls()] == [401, 200]
    assert [notes(stand, task) for task in tasks] == [["a note"]] * 3


@pytest.mark.parametrize("mishap", ["hibernating", "busy"])
def test_a_batch_that_never_ran_is_not_sent_for_all(stand: Stand, mishap: Any) -> None:
    tasks = tasks_of(stand, 2)
    came = written(stand, tasks, before=lambda: stand.servicenow.switch(mishap=mishap))
    assert [type(each) for each in came] == [Unavailable] * 2
    assert [notes(stand, task) for task in tasks] == [[], []]
