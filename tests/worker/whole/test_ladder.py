"""The ladder on a whole worker: reminded in the right words, given again or something else, heard, looked at again."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.rig import SECURITY_KEY, TRUSTED_NUMBER, Rig, System, running
from tests.worker.whole.delivered import (
    DAY,
    HOUR,
    KIND,
    MINUTE,
    add_key,
    delivered_code,
    delivered_text,
    later,
    mails,
    nothing_is_alive,
    open_link,
    use_code,
)
from worker.log_watch import watch_log
from worker.once import work_off
from worker.poll import poll

SOON: dict[str, Any] = {"follow_up": {"remind_after": "4h"}}


def say(rig: Rig, filed: Any, text: str = "It doesn't work", *, by: str = "") -> None:
    rig.site.comment(filed.task.number, by or rig.person(KIND).user_name, text)


@pytest.mark.parametrize(("opened", "words"), [(True, "was opened, but no device"), (False, "has not been opened yet")])
def test_the_reminder_says_whether_the_link_was_opened(
    tmp_path: Path, system: System, opened: bool, words: str
) -> None:
    with running(tmp_path, SOON, system=system) as rig:
        filed = delivered_code(rig)
        if opened:
            assert open_link(rig, filed)
        later(rig, 4 * HOUR)
        assert words in rig.notes(filed, "comments")[-1]


def test_a_used_code_is_looked_at_again_a_quarter_of_an_hour_later_whatever_the_schedule(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.clock.pass_(90 * MINUTE)
    rig.once()
    use_code(rig)
    for _ in range(7):
        later(rig, 3 * MINUTE)
    assert rig.request(filed).rule_row == "code-used-nothing-added"
    assert nothing_is_alive(rig)


def test_a_code_used_on_the_reminders_hour_is_neither_reminded_nor_given_again(tmp_path: Path, system: System) -> None:
    with running(tmp_path, SOON, system=system) as rig:
        filed = delivered_code(rig)
        said = len(rig.notes(filed, "comments"))
        rig.clock.pass_(4 * HOUR - 3 * MINUTE)
        use_code(rig)
        later(rig, 3 * MINUTE)
        assert len(rig.notes(filed, "comments")) == said
        for _ in range(6):
            later(rig, 3 * MINUTE)
        assert rig.request(filed).rule_row == "code-used-nothing-added"


def test_a_lapsed_code_is_given_once_more_to_who_asks_for_it_and_not_twice(rig: Rig) -> None:
    filed = delivered_code(rig)
    later(rig, 9 * HOUR)
    assert nothing_is_alive(rig)
    say(rig, filed, "Could I have another one?")
    later(rig, MINUTE)
    assert (rig.request(filed).state, rig.request(filed).round) == ("awaiting", 2)
    assert len(rig.sandbox.duo.codes(rig.person(KIND).user_name)) == 1
    assert len(mails(rig, "https://localhost")) == 2
    later(rig, 9 * HOUR)
    say(rig, filed, "And another one?")
    later(rig, MINUTE)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "person-commented")
    assert nothing_is_alive(rig)


def test_what_is_given_again_keeps_within_the_limits(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"policy": {"codes_per_person": {"count": 1, "per": "24h"}}}, system=system) as rig:
        filed = delivered_code(rig)
        later(rig, 9 * HOUR)
        say(rig, filed)
        later(rig, MINUTE)
        assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "code-limit")
        assert nothing_is_alive(rig)


@pytest.mark.parametrize("by", ["technician.tom", "duo.worker"])
def test_a_comment_that_the_person_did_not_write_by_the_systems_record_is_passed_over(rig: Rig, by: str) -> None:
    """A mailed-in one says whom it is from, and its author is whoever the mailbox belongs to."""
    filed = delivered_code(rig)
    say(rig, filed, f"reply from: {rig.person(KIND).email}\n\nIt doesn't work", by=by)
    later(rig, MINUTE)
    assert rig.request(filed).state == "awaiting"


def test_a_comment_of_the_very_second_is_heard(rig: Rig) -> None:
    """The help site's stamps have no fractions."""
    rig.clock.at = rig.clock.at.replace(microsecond=700_000)
    filed = rig.file(KIND, device=SECURITY_KEY)
    rig.once()
    say(rig, filed)
    later(rig, MINUTE)
    assert rig.request(filed).rule_row == "person-commented"


def test_a_comment_from_before_the_delivery_is_none_on_it(rig: Rig) -> None:
    filed = rig.file(KIND, device=SECURITY_KEY)
    say(rig, filed, "When will it come?")
    rig.clock.pass_(MINUTE)
    rig.once()
    later(rig, MINUTE)
    assert rig.request(filed).state == "awaiting"


@pytest.mark.only("servicenow")  # counts its calls
def test_a_comment_costs_no_call_beyond_those_of_the_poll(rig: Rig) -> None:
    filed = delivered_code(rig)
    poll(rig.shop.polling, rig.clock())
    say(rig, filed)
    rig.clock.pass_(MINUTE)
    before = len(rig.sandbox.calls.select())
    poll(rig.shop.polling, rig.clock())
    tables = [call.path.rpartition("/")[2] for call in rig.sandbox.calls.select(since=before)]
    assert tables == ["sc_task", "sys_journal_field"]
    before = len(rig.sandbox.calls.select())
    work_off(rig.shop)
    asked = rig.sandbox.calls.select("servicenow", since=before)
    assert asked[0].method == "PATCH", "it was noticed by what the poll had read"
    assert rig.request(filed).rule_row == "person-commented"


def test_the_log_is_read_at_most_once_a_minute_for_all_by_whomever(rig: Rig) -> None:
    delivered_code(rig)
    rig.file("no_phone")
    for _ in range(8):
        rig.once()
        watch_log(rig.shop.worker)
        rig.clock.pass_(MINUTE / 2)
    assert len(rig.sandbox.calls.select("duo", path="/admin/v2/logs/authentication")) == 3


def lapse_twice(rig: Rig, filed: Any) -> None:
    later(rig, 2 * HOUR)
    later(rig, 2 * HOUR)
    assert (rig.request(filed).outcome, rig.request(filed).round) == ("mobile.activation_link", 2)


def test_two_unused_links_become_a_code_where_there_is_proof_for_one(rig: Rig) -> None:
    filed = delivered_text(rig)
    lapse_twice(rig, filed)
    rig.verify(filed)
    later(rig, DAY)
    request = rig.request(filed)
    assert (request.state, request.outcome, request.proof) == ("awaiting", "mobile.bypass_code", "desk")
    assert request.rule_row == "code-instead"
    assert len(rig.sandbox.duo.codes(rig.person("never_activated").user_name)) == 1


def test_without_proof_for_a_code_the_person_is_reminded_instead(rig: Rig) -> None:
    filed = delivered_text(rig)
    lapse_twice(rig, filed)
    later(rig, DAY)
    request = rig.request(filed)
    assert (request.state, request.outcome, request.followed.get("reminded")) == (
        "awaiting", "mobile.activation_link", True,
    )  # fmt: skip
    assert rig.sandbox.duo.all_codes() == ()


def test_what_is_given_again_is_asked_of_every_guard_on_fresh_facts(rig: Rig) -> None:
    filed = delivered_text(rig)
    rig.sandbox.duo.set_status(rig.person("never_activated").user_name, "disabled")
    later(rig, 2 * HOUR)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "disabled")
    assert len([text for text in rig.sandbox.duo.texts if text.kind == "activation"]) == 1


def test_a_link_to_a_phone_that_was_added_is_texted_once_more_as_well(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"policy": {"trusted_number_fields": [TRUSTED_NUMBER[system]]}}, system=system) as rig:
        person = rig.person("no_phone")
        rig.site.set_user(person.user_name, u_hr_phone=person.number)
        filed = rig.file("no_phone", number="own")
        rig.once()
        for _ in range(3):
            later(rig, 2 * HOUR)
        assert (rig.request(filed).state, rig.request(filed).outcome) == ("awaiting", "mobile.add_phone")
        assert len([text for text in rig.sandbox.duo.texts if text.kind == "activation"]) == 2
        assert rig.sandbox.duo.activate(person.user_name, person.number) is False, "the second has lapsed too"


def test_the_policy_may_give_a_lapsed_code_again_unasked(tmp_path: Path, system: System) -> None:
    """The row that the shipped ladder's head shows."""
    shipped = files("rules").joinpath("follow_up.toml").read_text(encoding="utf-8")
    row = """
[[row]]
id = "code-again-unasked"
outcome = "reissue"
when = ["progress.gave == 'bypass_code'", "not progress.alive", "progress.reissued == 0", "not progress.code_used"]
because = "the code lapsed unused"

[[example]]
name = "nine hours later"
expect = "code-again-unasked"
given.progress = { option = "key.bypass_code", gave = "bypass_code", since_delivery = "9h" }

"""
    head, rest = shipped.split('[[row]]\nid = "remind"')
    (tmp_path / "ladder.toml").write_text(f'{head}{row}[[row]]\nid = "remind"{rest}', encoding="utf-8")
    with running(tmp_path, {"rules": {"follow_up": str(tmp_path / "ladder.toml")}}, system=system) as rig:
        filed = delivered_code(rig)
        for _ in range(3):
            later(rig, 9 * HOUR)
        assert rig.request(filed).followed["reissued"] == 1
        assert len(rig.sandbox.password_pusher.pushes) == 2


def test_a_row_waits_no_longer_than_it_says(tmp_path: Path) -> None:
    shipped = files("rules").joinpath("follow_up.toml").read_text(encoding="utf-8")
    impatient = shipped.replace('again_in = "1d"\nat_most = "365d"', 'again_in = "1h"\nat_most = "3h"')
    assert impatient != shipped
    (tmp_path / "ladder.toml").write_text(impatient, encoding="utf-8")
    with running(tmp_path, {"rules": {"follow_up": str(tmp_path / "ladder.toml")}}) as rig:
        filed = delivered_code(rig)
        for state in ("awaiting", "awaiting", "awaiting", "held"):
            later(rig, HOUR)
            assert rig.request(filed).state == state
        assert rig.request(filed).rule_row == "wait"
        assert "settle the request by hand" in rig.notes(filed, "work_notes")[-1]


@pytest.mark.parametrize("how", ["closes it", "asks for #revoke", "takes it"])
def test_a_device_added_before_somebody_else_ends_the_request_is_told_of_all_the_same(rig: Rig, how: str) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    add_key(rig)
    match how:
        case "closes it":
            rig.site.close(filed.task.number, rig.person(KIND).user_name)
        case "asks for #revoke":
            rig.site.work_note(filed.task.number, "desk.dana", "#revoke")
        case _:
            rig.site.assign(filed.task.number, "technician.tom")
    later(rig, MINUTE)
    later(rig, 10 * MINUTE)
    assert mails(rig, "A security key was added") == sorted([rig.person(KIND).email, rig.person(KIND).personal_email])
    assert nothing_is_alive(rig)


def test_nobody_is_told_of_a_device_twice(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.site.assign(filed.task.number, "technician.tom")
    later(rig, MINUTE)
    add_key(rig)
    later(rig, 10 * MINUTE)
    rig.site.close(filed.task.number, "technician.tom")
    later(rig, MINUTE)
    assert rig.request(filed).how == "closed by a person"
    assert len(mails(rig, "A security key was added")) == 2
