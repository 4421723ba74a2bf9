"""What is noted of a person before anything is done, and what of it tells an enrolment from anything else."""

from pathlib import Path

import pytest

from tests.rig import IDENTITY, SECURITY_KEY, Rig, System, running
from tests.worker.whole.delivered import (
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
from worker.once import work_off

TABLET, NEW_NUMBER = "", "+14805550177"


def test_what_the_person_has_is_noted_before_anything_is_done(rig: Rig) -> None:
    person = rig.person("working_app")
    add_key(rig, "working_app")
    rig.sandbox.duo.approve_push(person.user_name)
    filed = rig.file("working_app", device=SECURITY_KEY)
    rig.verify(filed)
    rig.once()
    noted = rig.request(filed).baseline
    (key,) = noted["keys"]
    (phone,) = noted["phones"]
    assert (noted["activated"], noted["working"]) == ([phone], [phone])
    assert noted["keys_added"] == [f"{key} 2026-11-24T15:00:00+00:00"]
    assert noted["last_login"] == ["2026-11-24T15:00:00+00:00"]


def test_a_key_from_before_the_request_is_no_enrolment(rig: Rig) -> None:
    add_key(rig, "working_app")
    filed = rig.file("working_app", device=SECURITY_KEY)
    rig.verify(filed)
    rig.once()
    later(rig, HOUR)
    assert rig.request(filed).state == "awaiting"


def test_that_duo_calls_the_person_enrolled_is_no_proof(rig: Rig) -> None:
    """Everybody who ever had a phone is, whatever it is good for."""
    filed = delivered_text(rig)
    user = rig.sandbox.duo.user(rig.person("never_activated").user_name)
    assert user is not None
    assert user["is_enrolled"] is True
    later(rig, 10 * MINUTE)
    assert rig.request(filed).state == "awaiting"


def test_a_passkey_of_a_phone_is_told_from_a_hardware_key_and_said(rig: Rig) -> None:
    filed = delivered_code(rig)
    add_key(rig, transports=("internal", "hybrid"))
    later(rig, 10 * MINUTE)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "another-kind")
    assert rig.request(filed).followed["devices"] == ["a passkey"]
    told = "A passkey was added to your Duo account."
    assert mails(rig, told) == sorted([rig.person(KIND).email, rig.person(KIND).personal_email])
    assert mails(rig, "will look at it: a device of another kind than was asked for was added.") == mails(rig, told)
    assert "another kind" in rig.notes(filed, "work_notes")[-1]


def test_a_key_of_which_duo_says_nothing_more_counts_as_one(rig: Rig) -> None:
    filed = delivered_code(rig)
    add_key(rig, registered_as="unknown", transports=())
    later(rig, 10 * MINUTE)
    assert rig.request(filed).how == "enrolled"


@pytest.mark.parametrize(("number", "row"), [(NEW_NUMBER, "strange-number"), (TABLET, "strange-number")])
def test_a_phone_that_nobody_vouched_for_is_looked_at(rig: Rig, number: str, row: str) -> None:
    """Typed in the ticket by whoever has the password: the code went to the second address, nobody saw the person."""
    filed = rig.file(KIND, number=number, preferred="bypass_code")
    rig.once()
    assert rig.request(filed).proof == "second-address"
    use_code(rig)
    assert rig.sandbox.duo.add_phone(rig.person(KIND).user_name, number)
    later(rig, 10 * MINUTE)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", row)


def test_a_number_that_the_desk_has_seen_is_not_strange(rig: Rig) -> None:
    filed = rig.file("no_phone", number=NEW_NUMBER, preferred="bypass_code")
    rig.verify(filed)
    rig.once()
    use_code(rig, "no_phone")
    assert rig.sandbox.duo.add_phone(rig.person("no_phone").user_name, NEW_NUMBER)
    later(rig, 10 * MINUTE)
    assert rig.request(filed).how == "enrolled"


@pytest.mark.parametrize("wrong", [2, 3])
def test_three_wrong_passphrases_are_looked_at(rig: Rig, wrong: int) -> None:
    filed = delivered_code(rig)
    for _ in range(wrong):
        assert not open_link(rig, filed, passphrase="GUESSED")
    assert open_link(rig, filed)
    use_code(rig)
    add_key(rig)
    later(rig, 10 * MINUTE)
    assert rig.request(filed).rule_row == ("guessed-passphrase" if wrong == 3 else "key-code")
    assert rig.request(filed).state == ("held" if wrong == 3 else "closed")


@pytest.mark.parametrize(("second", "looked_at"), [("198.51.100.99", False), ("203.0.113.5", True)])
def test_a_second_viewing_network_is_looked_at(rig: Rig, second: str, looked_at: bool) -> None:
    filed = delivered_code(rig)
    assert open_link(rig, filed)
    assert open_link(rig, filed, ip=second)
    add_key(rig)
    later(rig, 10 * MINUTE)
    assert (rig.request(filed).rule_row == "guessed-passphrase") is looked_at


def test_a_device_that_is_seen_waits_for_duos_log_where_countries_matter(tmp_path: Path, system: System) -> None:
    """The log is two minutes behind: who adds a device just before a check isn't closed before it tells from where."""
    with running(tmp_path, {"policy": {"expected_countries": ["US"]}}, system=system) as rig:
        filed = delivered_code(rig)
        rig.clock.pass_(8 * MINUTE)
        use_code(rig, country="RU")
        add_key(rig)
        later(rig, MINUTE)
        assert (rig.request(filed).state, nothing_is_alive(rig)) == ("awaiting", True)
        later(rig, 3 * MINUTE)
        assert rig.request(filed).rule_row == "strange-country"


def test_a_log_that_is_not_read_holds_nobody_up_for_long(tmp_path: Path, system: System) -> None:
    with running(tmp_path, {"policy": {"expected_countries": ["US"]}}, system=system) as rig:
        filed = delivered_code(rig)
        add_key(rig)
        states = []
        for _ in range(4):
            rig.clock.pass_(10 * MINUTE)
            work_off(rig.shop)
            states.append(str(rig.request(filed).state))
        assert states == ["awaiting", "awaiting", "awaiting", "closed"]


def test_a_code_is_taken_back_at_the_first_sight_of_a_device_though_the_pusher_is_down(rig: Rig) -> None:
    filed = delivered_code(rig)
    use_code(rig)
    add_key(rig)
    rig.sandbox.servers["password_pusher"].stop()
    later(rig, 10 * MINUTE)
    assert rig.sandbox.duo.all_codes() == ()
    assert rig.request(filed).state == "awaiting", "the link's record may tell more"


def test_somebody_elses_note_of_the_desk_is_no_vouching(rig: Rig) -> None:
    filed = rig.file(KIND, number=NEW_NUMBER, preferred="bypass_code")
    rig.site.comment(filed.task.number, rig.person(KIND).user_name, f"{IDENTITY}: #verified")
    rig.once()
    use_code(rig)
    assert rig.sandbox.duo.add_phone(rig.person(KIND).user_name, NEW_NUMBER)
    later(rig, 10 * MINUTE)
    assert rig.request(filed).rule_row == "strange-number"
