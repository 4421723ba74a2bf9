"""Hints of the ticket system: who may give one, what a flood of them costs, and what nobody is told."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.secret import Secret
from tests.worker.hinting import KEY, TOKEN, asked, basic, bearer, hint, signed
from worker.hints import MOST, Door, Hints
from worker.http import listening

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
BODY = b'{"number": "RITM0010001"}'
BOTH = Door(Secret(KEY), Secret(TOKEN), lambda: NOW)


HEALTHY: dict[str, Any] = {
    "healthy": True,
    "last_poll_age_seconds": 3,
    "due": 0,
    "oldest_due_seconds": 0,
    "paused": "",
    "states": {},
    "paused_systems": {},
    "findings_by_kind": {},
    "budget_wait_seconds": {},
}


class Seconds:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def headers(given: dict[str, str]) -> Message:
    made = Message()
    for name, value in given.items():
        made[name] = value
    return made


def opens(given: dict[str, str], body: bytes = BODY, door: Door = BOTH) -> bool:
    return door.opens(headers(given), body)


@pytest.fixture
def hints() -> Iterator[Hints]:
    hints = Hints()
    with hints.followed_by(lambda: True):
        yield hints


@pytest.fixture
def port(hints: Hints) -> Iterator[int]:
    with listening("127.0.0.1:0", lambda: HEALTHY, BOTH, hints) as port:
        yield port


def test_a_signed_hint_and_one_with_the_secret_are_taken(port: int, hints: Hints) -> None:
    assert [hint(port, BODY, given) for given in (signed(BODY, NOW), bearer(), basic())] == [202, 202, 202]
    assert hint(port, b"", signed(b"", NOW)) == 202
    assert hints.counts["taken"] == 4
    assert hints.due()


@pytest.mark.parametrize(
    "given",
    [
        {},
        signed(BODY, NOW, key=TOKEN),
        signed(BODY + b" ", NOW),
        signed(BODY, NOW) | {"X-Duo-Worker-Time": str(int(NOW.timestamp()) + 1)},
        signed(BODY, NOW) | {"X-Duo-Worker-Time": "now"},
        signed(BODY, NOW) | {"X-Duo-Worker-Time": ""},
        signed(BODY, NOW) | {"X-Duo-Worker-Signature": ""},
        signed(BODY, NOW) | {"X-Duo-Worker-Signature": "\u00e9\u00ff"},
        {"X-Duo-Worker-Time": str(int(NOW.timestamp()))},
        bearer(KEY),
        bearer(""),
        bearer(TOKEN[:-1]),
        basic(KEY),
        {"Authorization": TOKEN},
        {"Authorization": f"Digest {TOKEN}"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic \u00e9"},
    ],
)
def test_a_forged_hint_is_refused_without_a_word_and_brings_nothing(
    port: int, hints: Hints, given: dict[str, str]
) -> None:
    assert asked(port, "POST", "/hint", BODY, given) == (401, "")
    assert hints.counts == {"taken": 0, "refused": 1, "not my turn": 0}
    assert not hints.due()


@pytest.mark.parametrize(("age", "counts"), [(-300, True), (0, True), (300, True), (-301, False), (301, False)])
def test_a_hint_played_again_counts_for_five_minutes_only(age: int, counts: bool) -> None:
    assert opens(signed(BODY, NOW - timedelta(seconds=age))) is counts


def test_the_key_opens_nothing_as_a_token_nor_the_token_as_a_key_nor_what_is_not_configured() -> None:
    only_key, only_token = Door(Secret(KEY), None, lambda: NOW), Door(None, Secret(TOKEN), lambda: NOW)
    assert opens(signed(BODY, NOW), door=only_key)
    assert opens(bearer(), door=only_token)
    assert not opens(bearer(KEY), door=only_key)
    assert not opens(signed(BODY, NOW, key=TOKEN), door=only_token)
    assert not opens(bearer(""), door=only_key)
    assert not opens(signed(BODY, NOW, key=""), door=only_token)


def test_nothing_is_taken_unless_it_was_configured() -> None:
    with listening("127.0.0.1:0", lambda: {"healthy": True}) as port:
        status, _ = asked(port, "POST", "/hint", BODY, signed(BODY, NOW) | bearer())
        assert status == 501
        assert asked(port, "GET", "/hint")[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/hint", 404),
        ("PUT", "/hint", 501),
        ("POST", "/", 501),
        ("POST", "/hint/", 501),
        ("POST", "/health", 501),
    ],
)
def test_other_methods_and_paths_are_answered_as_without_hints(
    port: int, hints: Hints, method: str, path: str, status: int
) -> None:
    assert asked(port, method, path, BODY, bearer())[0] == status
    assert not hints.due()


@pytest.mark.parametrize(
    ("length", "status"),
    [(str(MOST + 1), 413), ("9" * 12, 413), ("9" * 13, 411), ("-1", 411), ("1e3", 411), ("", 411)],
)
def test_a_body_that_is_too_large_or_of_no_certain_length_is_not_read(port: int, length: str, status: int) -> None:
    assert asked(port, "POST", "/hint", None, bearer() | {"Content-Length": length})[0] == status


def test_the_largest_body_is_signed_and_never_parsed(port: int) -> None:
    body = b"\xff{" * (MOST // 2)
    assert hint(port, body, signed(body, NOW)) == 202


def test_a_flood_costs_one_poll_in_five_seconds_and_loses_nothing() -> None:
    seconds = Seconds()
    hints = Hints(seconds=seconds)
    polls = []
    with hints.followed_by(lambda: True):
        for _ in range(60 * 20):
            hints.take()
            seconds.at += 0.05
            if hints.due():
                polls.append(seconds.at)
                with hints.followed():
                    pass
        seconds.at += 5
        assert hints.due(), "the last of them is followed as well"
    assert len(polls) == 12


def test_a_hint_that_comes_during_a_poll_brings_another_once_that_is_over(hints: Hints) -> None:
    seconds = Seconds()
    hints = Hints(seconds=seconds)
    with hints.followed_by(lambda: True):
        with hints.followed():
            seconds.at += 60
            assert hints.take()
            assert not hints.due()
        assert hints.due()
        assert not hints.due(), "it was told already"


def test_a_poll_of_its_own_time_serves_the_hint_that_waits() -> None:
    seconds = Seconds()
    hints = Hints(seconds=seconds)
    with hints.followed_by(lambda: True):
        hints.take()
        with hints.followed():
            pass
        seconds.at += 60
        assert not hints.due()


def test_a_worker_whose_turn_it_is_not_says_so_and_forgets_the_hint(port: int, hints: Hints) -> None:
    with hints.followed_by(lambda: False):
        assert asked(port, "POST", "/hint", BODY, bearer()) == (503, "")
    assert hint(port, BODY, bearer()) == 503, "nobody polls: the service begins or ends"
    with hints.followed_by(lambda: True):
        assert not hints.due()
    assert hints.counts == {"taken": 0, "refused": 0, "not my turn": 2}


def test_refusals_are_said_once_a_minute_however_many_there_are() -> None:
    seconds = Seconds()
    hints = Hints(seconds=seconds)
    with capture_logs() as said:
        for _ in range(200):
            hints.refuse()
            seconds.at += 0.5
    assert [each["hints"] for each in said if each["event"] == "hints_refused"] == [1, 120]


def test_the_metrics_count_hints_by_what_became_of_them(port: int) -> None:
    hint(port, BODY, bearer())
    hint(port, BODY, bearer("wrong" * 8))
    _, page = asked(port, "GET", "/metrics")
    assert 'duo_worker_hints_total{result="taken"} 1.0' in page
    assert 'duo_worker_hints_total{result="refused"} 1.0' in page


def test_no_secret_is_printed_told_or_logged(port: int) -> None:
    with capture_logs() as said:
        answers = [asked(port, "POST", "/hint", BODY, given) for given in (bearer(), signed(BODY, NOW), bearer(KEY))]
    shown = f"{BOTH} {BOTH!r} {answers} {said} {asked(port, 'GET', '/metrics')}"
    assert KEY not in shown
    assert TOKEN not in shown


def test_many_at_once_are_counted_one_by_one(port: int, hints: Hints) -> None:
    threads = [threading.Thread(target=hint, args=(port, BODY, bearer())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hints.counts["taken"] == 20
