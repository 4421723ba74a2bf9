"""Which writes go together, and that each caller gets what became of its own whatever becomes of the others."""

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

import pytest
import requests

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import free
from connectors.servicenow.gathering import Outcome, Turn
from connectors.servicenow.write import Write
from tests.connectors.servicenow.gathered import RECORDS, Sent, a_write, answer, carried, gathering, records_of, whose
from tests.connectors.servicenow.together import Door, together, until


def test_writes_that_come_while_one_is_at_the_gate_go_with_it_and_each_gets_its_own_answer() -> None:
    door, sent = Door(), Sent()
    came = carried(gathering(door), door, sent, RECORDS[:4])
    assert sent.calls == [RECORDS[:4]]
    assert records_of(came) == RECORDS[:4]
    assert door.passed == 1


def test_a_write_that_meets_no_other_goes_alone_and_at_once() -> None:
    sent = Sent()
    made = gathering(free)
    assert [made.carry(a_write(record), sent).url for record in RECORDS[:2]] == RECORDS[:2]
    assert sent.calls == [RECORDS[:1], RECORDS[1:2]]


def test_no_more_go_together_than_may_and_the_rest_goes_next() -> None:
    door, sent = Door(), Sent()
    came = carried(gathering(door, most=3), door, sent, RECORDS[:7])
    assert sorted(chain.from_iterable(sent.calls)) == RECORDS[:7]
    assert sent.calls[0] == RECORDS[:3]
    assert max(map(len, sent.calls)) == 3
    assert records_of(came) == RECORDS[:7]


def test_nobody_waits_for_a_call_that_they_don_t_go_with() -> None:
    under_way, end = threading.Event(), threading.Event()
    made = gathering(free)

    def slow(turn: Turn) -> list[Outcome]:
        writes = turn()
        under_way.set()
        assert end.wait(10)
        return [answer(write) for write in writes]

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(made.carry, a_write(RECORDS[0]), slow)
        assert under_way.wait(10)
        assert made.carry(a_write(RECORDS[1]), Sent()).url == RECORDS[1]
        assert not first.done()
        end.set()
        assert first.result(10).url == RECORDS[0]


def test_one_write_s_failure_is_nobody_else_s() -> None:
    def what(write: Write) -> Outcome:
        return Uncertain("servicenow", "lost") if write.record == RECORDS[1] else answer(write, 404)

    door = Door()
    came = carried(gathering(door), door, Sent(what), RECORDS[:3])
    assert [type(each) for each in came] == [requests.Response, Uncertain, requests.Response]


@pytest.mark.parametrize(
    "failure",
    [
        Unavailable("servicenow", "busy", retry_after=timedelta(minutes=5)),
        Refused("servicenow", "403", "no"),
        Uncertain("servicenow", "no answer"),
        Misconfigured("servicenow", "401"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_failed_call_is_everybody_s_failure_and_each_has_one_of_their_own(failure: ConnectorError) -> None:
    def fail(turn: Turn) -> Sequence[Outcome]:
        turn()
        raise failure

    door = Door()
    came = carried(gathering(door), door, fail, RECORDS[:3])
    assert len(set(map(id, came))) == 3
    assert {(type(each), each.detail) for each in came} == {(type(failure), failure.detail)}
    for name in ("retry_after", "code"):
        assert {getattr(each, name, None) for each in came} == {getattr(failure, name, None)}


def test_nobody_waits_for_ever_where_the_sender_dies() -> None:
    """Whether anything was sent by then nobody can know."""

    def die(turn: Turn) -> Sequence[Outcome]:
        turn()
        raise ZeroDivisionError

    door = Door()
    came = carried(gathering(door), door, die, RECORDS[:3])
    assert [type(each) for each in came] == [ZeroDivisionError, Uncertain, Uncertain]


def test_a_sender_that_fails_before_the_gate_lets_the_next_one_lead() -> None:
    def fail(_turn: Turn) -> Sequence[Outcome]:
        raise Unavailable("servicenow", "no token")

    made = gathering(free)
    for send in (fail, fail):
        with pytest.raises(Unavailable, match="no token"):
            made.carry(a_write(RECORDS[0]), send)
    assert made.carry(a_write(RECORDS[1]), Sent()).url == RECORDS[1]


def test_a_sender_that_miscounts_is_a_bug_and_leaves_nobody_waiting() -> None:
    def miscount(turn: Turn) -> Sequence[Outcome]:
        return [answer(write) for write in turn()[:2]]

    door = Door()
    came = carried(gathering(door), door, miscount, RECORDS[:3])
    assert [type(each) for each in came] == [ValueError, Uncertain, Uncertain]


def test_a_gate_that_is_shut_to_the_first_is_the_first_s_business_and_the_next_one_leads() -> None:
    door, sent = Door(refusals=1), Sent()
    came = carried(gathering(door), door, sent, RECORDS[:3])
    assert isinstance(came[0], Unavailable)
    assert records_of(came[1:]) == RECORDS[1:3]
    assert sent.calls == [RECORDS[1:3]]


def test_the_gate_of_a_batch_s_items_is_passed_for_each_in_the_context_of_their_own_thread() -> None:
    seen: list[str] = []
    door = Door()
    made = gathering(door, lambda: seen.append(whose.get()))

    def work(record: str) -> Any:
        whose.set(record)
        return made.carry(a_write(record), Sent())

    together(door, lambda: made.waiting, [partial(work, record) for record in RECORDS[:3]])
    assert seen == RECORDS[:3]


def test_a_write_alone_passes_the_gate_and_no_more() -> None:
    passed: list[str] = []
    gathering(lambda: passed.append("gate"), lambda: passed.append("beside")).carry(a_write(RECORDS[0]), Sent())
    assert passed == ["gate"]


def test_what_may_not_go_beside_now_stays_and_leads_the_next_call() -> None:
    times = iter(range(100))

    def beside() -> None:
        if next(times) == 2:  # the first, the second, and then the third
            raise Unavailable("servicenow", "no slot is free")

    door, sent = Door(), Sent()
    came = carried(gathering(door, beside), door, sent, RECORDS[:4])
    assert sent.calls == [RECORDS[:2], RECORDS[2:4]]
    assert records_of(came) == RECORDS[:4]


def test_a_bug_in_a_gate_leaves_nobody_waiting() -> None:
    times = iter(range(100))

    def beside() -> None:
        if next(times) == 2:
            raise ZeroDivisionError

    door = Door()
    came = carried(gathering(door, beside), door, Sent(), RECORDS[:4])
    assert [type(each) for each in came[:2]] == [ZeroDivisionError, Uncertain]
    assert records_of(came[2:]) == RECORDS[2:4]


def test_two_writes_to_one_record_never_go_together() -> None:
    """In which order the items of a batch run is nowhere promised."""
    door, sent = Door(), Sent()
    carried(gathering(door), door, sent, [RECORDS[0], RECORDS[1], RECORDS[0], RECORDS[2]])
    assert sent.calls == [[RECORDS[0], RECORDS[1]], [RECORDS[0], RECORDS[2]]]


def test_what_is_too_large_together_goes_apart() -> None:
    door, sent = Door(), Sent()
    size = a_write(RECORDS[0], "n" * 100).size
    carried(gathering(door, largest=2 * size), door, sent, RECORDS[:3], note="n" * 100)
    assert sent.calls == [RECORDS[:2], RECORDS[2:3]]


def test_what_is_too_large_by_itself_still_goes() -> None:
    sent = Sent()
    assert gathering(free, largest=10).carry(a_write(RECORDS[0], "n" * 100), sent).url == RECORDS[0]


def test_a_call_that_has_to_be_made_again_passes_the_gates_again_for_all_of_it() -> None:
    passed: list[str] = []

    def twice(turn: Turn) -> list[Outcome]:
        first = turn()
        passed.append("again")
        assert turn() == first
        return [answer(write) for write in first]

    door = Door()
    carried(gathering(door, lambda: passed.append("beside")), door, twice, RECORDS[:2])
    assert passed == ["beside", "beside", "again", "beside", "beside"]
    assert door.passed == 2


class NoSlot(Unavailable):
    """As a budget of our own would say it; nobody has to make a pause because of it."""


def test_where_one_of_a_call_may_not_go_again_none_of_it_is_sent() -> None:
    times = iter(range(100))

    def beside() -> None:
        if next(times) >= 2:
            raise NoSlot("servicenow", "no slot")

    def twice(turn: Turn) -> list[Outcome]:
        turn()
        return [answer(write) for write in turn()]

    door = Door()
    came = carried(gathering(door, beside), door, twice, RECORDS[:2])
    assert [type(each) for each in came] == [NoSlot, NoSlot]


@pytest.mark.parametrize("seed", range(3))
def test_among_many_threads_every_write_goes_once_and_every_answer_finds_its_caller(seed: int) -> None:
    chance, pause = random.Random(seed), threading.Event()
    delays = [chance.uniform(0, 0.002) for _ in range(400)]
    sent = Sent()

    def gate() -> None:
        pause.wait(chance.choice(delays))

    made = gathering(gate, most=4)

    def work(thread: int) -> list[tuple[str, str]]:
        records = [f"{thread:02}{place:030}" for place in range(20)]
        return [(record, made.carry(a_write(record), sent).url) for record in records]

    with ThreadPoolExecutor(12) as pool:
        pairs = [pair for done in pool.map(work, range(12), timeout=60) for pair in done]
    assert all(asked == got for asked, got in pairs)
    assert sorted(chain.from_iterable(sent.calls)) == sorted(asked for asked, _ in pairs)
    assert 1 < max(map(len, sent.calls)) <= 4


def test_nobody_is_left_in_the_queue() -> None:
    door, sent = Door(), Sent()
    made = gathering(door)
    carried(made, door, sent, RECORDS[:5])
    until(lambda: made.waiting == 0)
