"""Duo's administrator log against the ledger: a code of our application that the ledger doesn't know is an alarm."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.duo import codes
from connectors.errors import Unavailable
from connectors.sandbox.letters import Mail
from tests.rig import SECURITY_KEY, Rig, System, running
from worker.audit import audit
from worker.checking import probe_fingerprint
from worker.findings import Finding, listed
from worker.health import health, sentences
from worker.http import Gauges

KIND, VICTIM = "personal_address", "never_activated"
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTICES = "duo-notices@example.edu"
OURS = timedelta(hours=8) - timedelta(seconds=50)
"""A life that only codes of ours have, with `code_valid` at 8 hours."""


def user_id(rig: Rig, kind: str = VICTIM) -> str:
    user = rig.sandbox.duo.user(rig.person(kind).user_name)
    assert user is not None
    return str(user["user_id"])


def steal(rig: Rig, *, valid_for: timedelta = DAY, uses: int = 1) -> None:
    """Somebody who has our application's key makes a code."""
    codes.create(rig.shop.worker.systems.duo, user_id(rig), valid_for=valid_for, uses=uses)


def look(rig: Rig, after: timedelta = HOUR) -> list[Finding]:
    """What an audit some time later knows to be wrong."""
    rig.clock.pass_(after)
    rig.sandbox.duo.limits.clear()
    audit(rig.shop.worker)
    with rig.shop.ledger.reading() as connection:
        return listed(connection, rig.clock())


def alarms(rig: Rig) -> list[Mail]:
    return [mail for mail in rig.sandbox.mail.for_address(NOTICES) if "knows nothing of" in mail.subject]


def read_log(rig: Rig) -> int:
    return len(rig.sandbox.calls.select("duo", path="/admin/v1/logs/administrator"))


def change_much(rig: Rig, count: int) -> None:
    """A directory synchronisation writes many rows."""
    for number in range(count):
        rig.sandbox.duo._account.record("user_update", f"user {number}", {}, actor="AD Sync: district")


@pytest.mark.parametrize("actor", ["API", "Duo worker", ""])
def test_every_code_that_the_worker_made_is_explained_whatever_duo_calls_it(rig: Rig, actor: str) -> None:
    rig.sandbox.duo.switches.api_actor = actor
    filed = [rig.file(kind, device=SECURITY_KEY, preferred="bypass_code") for kind in (KIND, "no_phone")]
    rig.verify(filed[1])
    rig.once()
    assert {rig.request(each).outcome for each in filed} == {"key.bypass_code"}
    assert look(rig) == []
    rig.file(KIND, device=SECURITY_KEY)
    rig.once()
    assert look(rig) == []
    assert alarms(rig) == []


def test_a_code_of_our_application_that_the_ledger_does_not_know_is_an_alarm_and_is_left_alone(rig: Rig) -> None:
    rig.file(KIND, device=SECURITY_KEY)
    rig.once()
    rig.clock.pass_(MINUTE)
    steal(rig)
    (found,) = look(rig)
    (code,) = rig.sandbox.duo.codes(rig.person(VICTIM).user_name)
    assert found.kind == "stray_code"
    assert user_id(rig) in found.sentence
    assert code.bypass_code_id in found.sentence
    (mail,) = alarms(rig)
    assert user_id(rig) in mail.plain
    assert user_id(rig) in mail.html
    assert rig.sandbox.calls.select("duo", "DELETE") == ()


def test_an_alarm_stands_in_status_and_metrics_and_names_nobody(rig: Rig) -> None:
    steal(rig)
    look(rig)

    def told() -> dict[str, Any]:
        return health(rig.shop.ledger, rig.settings, rig.clock())

    said = "\n".join(sentences(told()))
    assert f"stray_code · a bypass code for Duo user {user_id(rig)}" in said
    assert rig.person(VICTIM).user_name not in said
    (metric,) = [family for family in Gauges(told).collect() if family.name == "duo_worker_findings"]
    assert {sample.labels["kind"]: sample.value for sample in metric.samples}["stray_code"] == 1


def test_one_row_is_one_mail_however_often_the_log_is_read(rig: Rig) -> None:
    steal(rig)
    for _ in range(4):
        look(rig)
    assert len(alarms(rig)) == 1
    steal(rig)
    assert len(look(rig)) == 2
    assert len({mail.message_id for mail in alarms(rig)}) == 2


def test_a_mail_that_cannot_be_handed_over_is_sent_later(rig: Rig) -> None:
    steal(rig)
    rig.sandbox.mail.terms.latency = timedelta()
    server = rig.sandbox.mail.app
    rig.sandbox.mail.app = lambda _mail: "451 4.3.0 try again later"
    with pytest.raises(Unavailable):
        look(rig)
    rig.sandbox.mail.app = server
    read = read_log(rig)
    look(rig, after=MINUTE)
    assert read_log(rig) == read, "the log is not read for it"
    assert len(alarms(rig)) == 1


def test_a_code_from_the_panel_is_nobodys_alarm(rig: Rig) -> None:
    for valid_for in (HOUR, 8 * HOUR, timedelta(hours=7, minutes=59), None):
        rig.sandbox.duo.issue_code(rig.person(VICTIM).user_name, valid_for=valid_for, uses=2)
    assert look(rig) == []


def test_a_code_that_looks_like_ours_is_an_alarm_whoever_duo_says_made_it(rig: Rig) -> None:
    rig.sandbox.duo.switches.api_actor = "Some Application"
    steal(rig, valid_for=OURS, uses=2)
    steal(rig)
    assert [one.kind for one in look(rig)] == ["stray_code"]


def test_a_second_code_that_copies_one_of_ours_is_an_alarm(rig: Rig) -> None:
    filed = rig.file(KIND, device=SECURITY_KEY)
    rig.once()
    (step,) = [step for step in rig.steps(filed) if step.name == "code_in_push"]
    assert look(rig) == []
    rig.clock.pass_(-HOUR + MINUTE)
    life = timedelta(seconds=step.intent["valid_secs"])
    codes.create(rig.shop.worker.systems.duo, step.intent["user_id"], valid_for=life, uses=2)
    assert [one.kind for one in look(rig, 2 * HOUR)] == ["stray_code"]


def test_the_probe_of_check_is_explained(rig: Rig) -> None:
    assert probe_fingerprint(rig.shop, rig.person(VICTIM).user_name).ok
    assert look(rig) == []


def test_the_log_is_read_at_most_hourly(rig: Rig) -> None:
    for _ in range(9):
        rig.clock.pass_(15 * MINUTE)
        audit(rig.shop.worker)
    assert read_log(rig) == 3


def test_a_log_too_long_for_one_call_is_read_on_at_the_next_tick(rig: Rig) -> None:
    for _ in range(8):
        change_much(rig, 200)
        rig.clock.pass_(SECOND)
    steal(rig)
    assert look(rig) == []
    assert len(look(rig, 15 * MINUTE)) == 1
    read = read_log(rig)
    look(rig, 15 * MINUTE)
    assert read_log(rig) == read, "all of it is read"


def test_a_second_with_more_rows_than_a_call_shows_is_got_past(rig: Rig) -> None:
    change_much(rig, 1500)
    rig.clock.pass_(SECOND)
    steal(rig)
    found = [look(rig, 15 * MINUTE) for _ in range(3)]
    assert len(found[-1]) == 1


def test_what_happened_before_the_ledger_was_made_is_not_judged(rig: Rig) -> None:
    born = rig.clock.at
    rig.clock.at = born - HOUR
    steal(rig)
    rig.clock.at = born
    assert look(rig) == []


def test_in_shadow_mode_a_stray_code_is_shown_and_nobody_is_mailed(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"worker": {"mode": "shadow"}}, system=system) as rig:
        steal(rig)
        assert len(look(rig)) == 1
        assert alarms(rig) == []
