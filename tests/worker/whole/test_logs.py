"""Duo's logs are read once a minute each, as Duo counts arrivals: whoever waits, restarts, or gives a command."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.duo import logs
from connectors.errors import Unavailable
from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import DISTRICT, KINDS, Person
from tests.rig import Filed, Rig, running
from worker import audit
from worker.gates import LOG_EVERY
from worker.log_watch import watch_log
from worker.once import work_off
from worker.poll import poll
from worker.reconcile import reconcile
from worker.tending import tended

LOGS = {"authentication": "/admin/v2/logs/", "telephony": "/admin/v2/logs/", "administrator": "/admin/v1/logs/"}
MINUTE, STEP = timedelta(minutes=1), timedelta(seconds=19)
CROWD = 12
TEXTED = "/send_sms_activation"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path, {"policy": {"expected_countries": ["US"]}}) as rig:
        yield rig


def crowd(rig: Rig) -> list[Filed]:
    """So many people with a phone on record, who file at the same moment."""
    return [file(rig, newcomer(rig, place)) for place in range(CROWD)]


def newcomer(rig: Rig, place: int) -> Person:
    name = f"crowd{place:03}"
    person = Person(name, "New", "Comer", f"{name}@{DISTRICT}", "", f"+1480557{place:04}")
    person = replace(person, duo=KINDS["never_activated"](person))
    rig.sandbox.servicenow.add_person(person)
    rig.sandbox.duo.add_person(person)
    return person


def file(rig: Rig, person: Person) -> Filed:
    answers = {"device_type": "Duo Mobile", "mobile_number": "", "phone_os": "iPhone", "preferred_method": ""}
    return rig.site.file_request(person, answers)


def read(rig: Rig, log: str) -> list[datetime]:
    """When the readings of a log arrived, whatever was answered."""
    return [call.at for call in rig.sandbox.calls.select("duo", path=f"{LOGS[log]}{log}")]


def shortest(times: list[datetime]) -> timedelta:
    return min(after - before for before, after in pairwise(times))


def in_the_service(rig: Rig) -> None:
    """What its ticks and threads do, with faults met as there."""
    shop = rig.shop
    for name, work in {
        "poll": lambda: poll(shop.polling, shop.worker.clock()),
        "log": lambda: watch_log(shop.worker),
        "reconcile": lambda: reconcile(shop),
    }.items():
        tended(name, work, shop.worker)()
    work_off(shop)


def in_a_command(rig: Rig) -> None:
    rig.again()
    rig.once()


def after_a_restart(rig: Rig) -> None:
    rig.again()
    in_the_service(rig)


@pytest.mark.long
def test_in_twenty_minutes_of_lost_texts_log_ins_and_restarts_every_log_is_read_at_most_once_a_minute(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are small, so that a reading of log-ins is never all there is; Duo's logs fail now and then, too."""
    monkeypatch.setattr(logs, "PAGE", "40")
    monkeypatch.setattr(audit, "ADMINISTRATOR_PAGE", 3)
    chance = random.Random(3)
    filed = crowd(rig)
    rig.sandbox.faults.set(
        Rule("duo", "reset after", method="POST", route=TEXTED, times=2 * CROWD),
        Rule("duo", "error before", method="GET", route="/logs/", chance=0.3),
    )
    end = rig.clock() + 20 * MINUTE
    while rig.clock() < end:
        if chance.random() < 0.2 and rig.clock() < end - 10 * MINUTE:
            filed.append(file(rig, newcomer(rig, len(filed))))
        chance.choice([in_the_service, in_the_service, in_a_command, after_a_restart])(rig)
        for _ in range(6):
            log_in(rig, chance)
        rig.clock.pass_(STEP)
    rig.sandbox.faults.set()
    for _ in range(6):
        rig.clock.pass_(LOG_EVERY)
        in_the_service(rig)
    times = {log: read(rig, log) for log in LOGS}
    assert {log: shortest(each) >= MINUTE for log, each in times.items()} == dict.fromkeys(LOGS, True)
    assert {log: len(each) > 2 for log, each in times.items()} == dict.fromkeys(LOGS, True)
    assert shortest(times["authentication"]) < 1.5 * MINUTE, "it is read nearly as often as it may be"
    assert {rig.request(each).state for each in filed} == {"awaiting"}
    assert texts(rig) == len(filed)


def texts(rig: Rig) -> int:
    return len([text for text in rig.sandbox.duo.texts if text.kind == "activation"])


def log_in(rig: Rig, chance: random.Random) -> None:
    """Somebody in the crowd, by a code of the help desk's."""
    name = f"crowd{chance.randrange(CROWD):03}"
    code = rig.sandbox.duo.issue_code(name)
    rig.sandbox.duo.use_code(name, code)


def test_one_reading_serves_all_whose_texts_answer_was_lost(rig: Rig) -> None:
    filed = crowd(rig)
    rig.sandbox.faults.set(Rule("duo", "reset after", method="POST", route=TEXTED, times=CROWD))
    rig.once()
    rig.clock.pass_(4 * MINUTE)
    rig.once()
    assert {(rig.request(each).state, rig.request(each).waits_for) for each in filed} == {("awaiting", "")}
    assert len(read(rig, "telephony")) == 1
    assert texts(rig) == CROWD


def test_a_log_that_fails_is_not_asked_again_within_the_minute(rig: Rig) -> None:
    rig.sandbox.faults.set(Rule("duo", "error before", method="GET", route="/logs/telephony"))
    duo = rig.shop.worker.systems.duo
    with pytest.raises(Unavailable, match="500"):
        logs.telephony(duo, rig.clock() - MINUTE, rig.clock())
    with pytest.raises(Unavailable, match="read less than a minute ago") as refused:
        logs.telephony(duo, rig.clock() - MINUTE, rig.clock())
    assert refused.value.retry_after == LOG_EVERY
    assert len(read(rig, "telephony")) == 1
    rig.clock.pass_(LOG_EVERY)
    assert not logs.telephony(duo, rig.clock() - MINUTE, rig.clock()).more
    rig.clock.pass_(-3 * MINUTE)
    assert logs.telephony(duo, rig.clock() - MINUTE, rig.clock()).events == (), "a clock set back makes nobody wait"


def test_check_says_that_it_could_not_ask_where_the_log_was_just_read(rig: Rig) -> None:
    from connectors.duo.probe import probes

    duo = rig.shop.worker.systems.duo
    found = [{name: ok for name, ok, _ in probes(duo, rig.clock())}["Grant read log"] for _ in range(2)]
    assert found == [True, None]


def test_a_busy_log_is_read_on_where_a_full_page_ended(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "PAGE", "5")
    filed = crowd(rig)
    rig.once()
    chance = random.Random(4)
    for _ in range(30):
        log_in(rig, chance)
        rig.clock.pass_(timedelta(seconds=1))
    person = f"crowd{CROWD - 1:03}"
    rig.sandbox.duo.use_code(person, rig.sandbox.duo.issue_code(person))
    rig.clock.pass_(3 * MINUTE)
    seen = 0
    for _ in range(9):
        seen += watch_log(rig.shop.worker)
        rig.clock.pass_(LOG_EVERY)
    assert seen == 31
    assert len(filed) == CROWD


def test_a_text_that_is_not_among_more_texts_than_one_reading_tells_is_for_people(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "PAGE", "1")
    first = file(rig, newcomer(rig, 0))
    rig.once()
    filed = file(rig, newcomer(rig, 1))
    rig.sandbox.faults.set(Rule("duo", "reset before", method="POST", route=TEXTED))
    rig.once()
    rig.clock.pass_(4 * MINUTE)
    rig.once()
    rig.clock.pass_(LOG_EVERY)
    rig.once()
    assert (rig.request(first).state, rig.request(filed).state) == ("awaiting", "unsure")
    assert "longer than one reading tells" in rig.notes(filed, "work_notes")[-1]


def test_a_reading_from_before_the_clock_was_set_back_tells_nothing_of_later_texts(rig: Rig) -> None:
    duo, telephony = rig.shop.worker.systems.duo, rig.shop.worker.telephony
    now = rig.clock()
    assert not telephony.told(duo, now - MINUTE, now).more
    rig.clock.pass_(-2 * MINUTE)
    assert not telephony.told(duo, now - 3 * MINUTE, now - 2 * MINUTE).more
    assert len(read(rig, "telephony")) == 2
