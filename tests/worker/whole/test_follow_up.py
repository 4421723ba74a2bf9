"""After the delivery: until Duo shows the new device, or the person is reminded, or it is given up."""

from pathlib import Path

import pytest

from tests.rig import Rig, System, running
from tests.worker.whole.delivered import DAY, HOUR, KIND, MINUTE, delivered_code, later, nothing_is_alive, use_code
from worker.log_watch import watch_log


def test_a_key_that_was_added_closes_the_ticket_and_leaves_nothing_alive(rig: Rig) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    later(rig, 10 * MINUTE)
    assert (rig.request(filed).state, rig.request(filed).how) == ("closed", "enrolled")
    assert rig.state(filed) == "closed"
    assert "security key" in rig.notes(filed, "comments")[-1]
    assert nothing_is_alive(rig)
    assert rig.system == "teamdynamix" or rig.passphrase(filed) == ""
    notices = [mail for mail in rig.sandbox.mail.for_address(rig.person(KIND).email) if "was added" in mail.plain]
    assert len(notices) == 1


def test_an_activated_app_closes_the_ticket(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.once()
    assert rig.sandbox.duo.activate(rig.person("never_activated").user_name, rig.person("never_activated").number)
    later(rig, 11 * MINUTE)
    assert (rig.request(filed).state, rig.request(filed).how) == ("closed", "enrolled")
    assert "Duo Mobile" in rig.notes(filed, "comments")[-1]


def test_nothing_new_costs_one_read_of_the_user_and_no_write(rig: Rig) -> None:
    delivered_code(rig)
    before, writes = len(rig.sandbox.calls.select()), rig.writes()
    later(rig, 10 * MINUTE)
    duo = [call for call in rig.sandbox.calls.select("duo") if call in rig.sandbox.calls.select(since=before)]
    assert len([call for call in duo if call.path.startswith("/admin/v1/users/")]) == 1
    assert rig.writes() == writes


def test_a_code_that_was_used_without_a_new_device_is_revoked_and_held_with_a_warning(rig: Rig) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    later(rig, 10 * MINUTE)
    assert rig.request(filed).state == "awaiting", "the device may be added any moment"
    later(rig, 60 * MINUTE)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "code-used-nothing-added")
    assert nothing_is_alive(rig)
    warned = {mail.recipients[0] for mail in rig.sandbox.mail.messages if "no device was added" in mail.plain}
    assert warned == {rig.person(KIND).email, rig.person(KIND).personal_email, "duo-notices@example.edu"}


def test_the_authentication_log_brings_a_request_forward(rig: Rig) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    rig.clock.pass_(3 * MINUTE)
    assert watch_log(rig.shop.worker) > 0
    rig.once()
    assert rig.request(filed).state == "closed"


def test_the_log_is_not_read_while_nobody_waits(rig: Rig) -> None:
    assert watch_log(rig.shop.worker) == 0
    assert rig.sandbox.calls.select() == ()


@pytest.mark.parametrize(
    ("what", "row"), [("two keys", "more-than-one-factor"), ("a phone", "another-kind"), ("abroad", "strange-country")]
)
def test_what_was_not_asked_for_is_enrolled_and_held_for_a_look(
    tmp_path: Path, system: System, what: str, row: str
) -> None:
    with running(tmp_path, {"policy": {"expected_countries": ["US"]}}, system=system) as rig:
        filed = delivered_code(rig)
        person = rig.person(KIND)
        use_code(rig, country="RU" if what == "abroad" else "US")
        if what == "a phone":
            rig.sandbox.duo.add_phone(person.user_name, person.number)
        else:
            rig.sandbox.duo.register_key(person.user_name)
        if what == "two keys":
            rig.sandbox.duo.register_key(person.user_name, "Another")
        later(rig, 10 * MINUTE)
        assert nothing_is_alive(rig), "the code goes at the first check that sees a device"
        later(rig, 3 * MINUTE)
        assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", row)
        assert nothing_is_alive(rig)


def test_a_person_who_comments_is_heard_at_the_next_poll(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.site.comment(filed.task.number, rig.person(KIND).user_name, "It doesn't work")
    later(rig, MINUTE)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "person-commented")


def test_silence_is_answered_by_one_reminder_and_then_given_up(rig: Rig) -> None:
    filed = delivered_code(rig)
    said = len(rig.notes(filed, "comments"))
    for _ in range(3):
        later(rig, DAY)
    assert rig.request(filed).state == "awaiting"
    assert len(rig.notes(filed, "comments")) == said + 1
    for _ in range(6):
        later(rig, DAY)
    assert (rig.request(filed).state, rig.request(filed).how) == ("held", "given up")
    assert nothing_is_alive(rig)


def test_giving_up_may_close_the_ticket(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"follow_up": {"on_give_up": "close_incomplete"}}, system=system) as rig:
        filed = delivered_code(rig)
        for _ in range(9):
            later(rig, DAY)
        assert (rig.request(filed).state, rig.request(filed).how) == ("closed", "given up")
        assert rig.state(filed) == "closed"


def test_an_activation_link_that_lapsed_is_texted_once_more(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.once()
    for _ in range(12):
        later(rig, HOUR)
    texts = [text for text in rig.sandbox.duo.texts if text.kind == "activation"]
    assert len(texts) == 2
    assert rig.request(filed).state == "awaiting"
