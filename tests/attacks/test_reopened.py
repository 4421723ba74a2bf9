"""Somebody has an ended request decided again: what proved the person then doesn't prove who asks now."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.rig import SECURITY_KEY, Filed, Rig, System, running
from tests.worker.whole.delivered import use_code

MINUTE = timedelta(minutes=1)
VICTIM = "no_phone"


@pytest.fixture
def rig(tmp_path: Path, system: System) -> Iterator[Rig]:
    with running(tmp_path, system=system) as made:
        yield made


def codes(rig: Rig) -> int:
    made = [call for call in rig.sandbox.calls.select("duo", "POST") if call.path.endswith("/bypass_codes")]
    return len(made)


def passes(rig: Rig, times: int = 2) -> None:
    for _ in range(times):
        rig.clock.pass_(MINUTE)
        rig.once()


def given(rig: Rig) -> Filed:
    """The identity desk has checked the person, and the worker has given a code."""
    filed = rig.file(VICTIM, device=SECURITY_KEY)
    rig.once()
    rig.verify(filed)
    passes(rig)
    assert (rig.request(filed).state, codes(rig)) == ("awaiting", 1)
    return filed


def reopen(rig: Rig, filed: Filed) -> None:
    """The person, or who has their password, asks for more; the ticket still is the worker's."""
    rig.clock.pass_(MINUTE)
    person = rig.person(VICTIM).user_name
    rig.site.comment(filed.task.number, person, "please send me another code")
    if rig.system == "servicenow":
        for record in (filed.item.number, filed.task.number):
            rig.sandbox.servicenow.set_fields(record, person, state="1")
    else:
        rig.sandbox.teamdynamix.reopen(filed.task.number, person)
    passes(rig)


def test_an_enrolled_persons_old_check_gives_no_second_code_to_who_reopens_the_ticket(rig: Rig) -> None:
    filed = given(rig)
    rig.sandbox.duo.register_key(rig.person(VICTIM).user_name, "a key", "roaming")
    rig.clock.pass_(timedelta(minutes=20))
    passes(rig)
    assert (rig.request(filed).state, rig.state(filed)) == ("closed", "closed")
    reopen(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row, codes(rig)) == ("held", "working-factor", 1)


def test_a_check_that_was_for_a_lapsed_request_gives_no_code_to_who_reopens_it(rig: Rig) -> None:
    filed = given(rig)
    rig.site.close(filed.task.number, "technician.tom")
    passes(rig)
    reopen(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row, codes(rig)) == ("held", "identity-check", 1)
    rig.verify(filed)
    passes(rig)
    assert (rig.request(filed).state, codes(rig)) == ("awaiting", 2), "a check from after the end counts"


def hand_back(rig: Rig, filed: Filed) -> None:
    """By somebody of the service desk, who may not check identities."""
    passes(rig)
    assert rig.request(filed).state == "held"
    rig.site.assign(filed.task.number, "duo.worker", by="desk.dana")
    passes(rig)


def test_a_code_that_was_used_for_nothing_is_given_again_by_no_old_check(rig: Rig) -> None:
    filed = given(rig)
    use_code(rig, VICTIM)
    rig.clock.pass_(timedelta(minutes=30))
    hand_back(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row, codes(rig)) == ("held", "identity-check", 1)


def test_a_device_that_wants_a_look_is_followed_by_no_code_from_the_old_check(rig: Rig) -> None:
    filed = given(rig)
    for name in ("a key", "another"):
        rig.sandbox.duo.register_key(rig.person(VICTIM).user_name, name, "roaming")
    rig.clock.pass_(timedelta(minutes=20))
    hand_back(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row, codes(rig)) == ("held", "working-factor", 1)


def test_what_was_revoked_is_given_again_by_no_old_check(rig: Rig) -> None:
    filed = given(rig)
    rig.clock.pass_(MINUTE)
    rig.site.work_note(filed.task.number, "desk.dana", "#revoke")
    hand_back(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row, codes(rig)) == ("held", "identity-check", 1)


@pytest.mark.parametrize("assignee", ["duo.worker", ""], ids=["still the worker's", "nobody's"])
def test_a_ticket_that_was_hidden_too_long_brings_no_second_code_by_the_old_check(rig: Rig, assignee: str) -> None:
    filed = given(rig)
    rig.hide(filed)
    for hours in (9, 2, 1):
        rig.clock.pass_(timedelta(hours=hours))
        rig.once()
    assert rig.request(filed).state == "closed"
    rig.sandbox.duo.register_key(rig.person(VICTIM).user_name, "a key", "roaming")
    rig.hide()
    rig.site.assign(filed.task.number, assignee, by="technician.tom")
    rig.site.comment(filed.task.number, rig.person(VICTIM).user_name, "please send me another code")
    passes(rig)
    assert (rig.request(filed).state, rig.request(filed).rule_row, codes(rig)) == ("held", "working-factor", 1)
    assert rig.system == "teamdynamix" or rig.passphrase(filed) == "", "what couldn't be emptied is, when it can be"
