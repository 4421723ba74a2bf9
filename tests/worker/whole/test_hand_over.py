"""What people do on the ticket, and what the worker makes of it."""

from datetime import timedelta

from connectors.sandbox.duo.records import BypassCode
from connectors.sandbox.faults import Rule
from tests.rig import SECURITY_KEY, Filed, Rig
from worker.brakes import pause, resume
from worker.operating import retry, revoke
from worker.poll import reconcile

MINUTE = timedelta(minutes=1)


def codes(rig: Rig, kind: str) -> tuple[BypassCode, ...]:
    return rig.sandbox.duo.codes(rig.person(kind).user_name)


def delivered_code(rig: Rig) -> Filed:
    """A code for a key, with a link at the second address."""
    filed = rig.file("personal_address", device=SECURITY_KEY)
    rig.once()
    assert len(codes(rig, "personal_address")) == 1
    rig.clock.pass_(MINUTE)
    return filed


def alive_pushes(rig: Rig) -> int:
    return len([push for push in rig.sandbox.password_pusher.pushes if not push.expired])


def test_closing_the_ticket_takes_everything_back_within_one_pass(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.site.close(filed.task.number, "technician.tom")
    rig.once()
    assert codes(rig, "personal_address") == ()
    assert alive_pushes(rig) == 0
    assert rig.system == "teamdynamix" or rig.passphrase(filed) == ""
    assert rig.request(filed).state == "closed"
    assert rig.state(filed) == "closed"


def test_a_desk_members_revoke_takes_everything_back_and_holds(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.site.work_note(filed.task.number, "desk.dana", "#revoke please")
    rig.once()
    assert codes(rig, "personal_address") == ()
    assert alive_pushes(rig) == 0
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "revoked")
    written = rig.writes()
    rig.clock.pass_(MINUTE)
    rig.once()
    assert rig.writes() == written, "obeyed once"


def test_nobody_else_revokes(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.site.work_note(filed.task.number, "technician.tom", "#revoke")
    rig.site.comment(filed.task.number, "desk.dana", "#revoke")
    rig.once()
    assert len(codes(rig, "personal_address")) == 1


def test_a_technician_who_takes_a_new_ticket_has_it_and_is_told_once(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.site.assign(filed.task.number, "technician.tom")
    rig.once()
    assert rig.ticket(filed)["assigned_to"] == "technician.tom"
    assert len(rig.notes(filed, "work_notes")) == 1
    assert rig.sandbox.duo.texts == ()
    rig.clock.pass_(MINUTE)
    rig.once()
    assert len(rig.notes(filed, "work_notes")) == 1


def test_after_delivery_a_technician_leaves_the_code_to_lapse_by_itself(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.site.assign(filed.task.number, "technician.tom")
    rig.once()
    assert len(codes(rig, "personal_address")) == 1
    assert rig.ticket(filed)["assigned_to"] == "technician.tom"
    said = len(rig.notes(filed, "work_notes"))
    rig.clock.pass_(timedelta(hours=9))
    rig.once()
    assert codes(rig, "personal_address") == ()
    assert alive_pushes(rig) == 0
    assert len(rig.notes(filed, "work_notes")) == said


def test_a_held_ticket_that_is_assigned_to_the_worker_is_decided_again(rig: Rig) -> None:
    filed = rig.file("disabled")
    rig.once()
    assert rig.request(filed).state == "held"
    rig.sandbox.duo.set_status(rig.person("disabled").user_name, "active")
    rig.clock.pass_(MINUTE)
    rig.once()
    assert rig.request(filed).state == "held", "nobody asked"
    rig.site.assign(filed.task.number, "duo.worker", by="technician.tom")
    rig.clock.pass_(MINUTE)
    rig.once()
    assert rig.request(filed).state == "awaiting"


def test_a_note_of_the_identity_desk_lifts_a_hold_for_want_of_proof(rig: Rig) -> None:
    filed = rig.file("never_logged_in", preferred="bypass_code")
    rig.once()
    assert rig.request(filed).rule_row == "identity-check"
    rig.verify(filed)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).outcome) == ("awaiting", "mobile.bypass_code")


def test_a_ticket_with_our_notes_that_the_ledger_does_not_know_is_held_until_it_is_handed_back(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.once()
    lose_everything_in_the_ledger(rig)
    texts = len(rig.sandbox.duo.texts)
    rig.clock.pass_(MINUTE)
    rig.again()
    rig.once()
    assert rig.request(filed).rule_row == "unknown-marker"
    assert len(rig.sandbox.duo.texts) == texts
    rig.site.assign(filed.task.number, "duo.worker", by="technician.tom")
    rig.clock.pass_(MINUTE)
    rig.once()
    assert rig.request(filed).state == "awaiting"


def test_so_is_one_that_was_only_taken_by_then(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.sandbox.faults.set(Rule("mail", "421 at hello", times=9))
    rig.once()
    assert (rig.request(filed).state, rig.ticket(filed)["assigned_to"]) == ("acting", "duo.worker")
    rig.sandbox.faults.set()
    lose_everything_in_the_ledger(rig)
    rig.clock.pass_(MINUTE)
    rig.again()
    rig.once()
    assert rig.request(filed).rule_row == "unknown-marker"
    assert rig.sandbox.duo.texts == ()


def lose_everything_in_the_ledger(rig: Rig) -> None:
    with rig.shop.ledger.writing() as connection:
        for table in ("steps", "events", "requests", "seen"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608  names of ours


def test_requests_of_one_person_are_served_one_after_the_other(rig: Rig) -> None:
    first = rig.file("personal_address", device=SECURITY_KEY)
    others = [rig.file("personal_address", device=SECURITY_KEY) for _ in range(4)]
    rig.once()
    states = sorted(str(rig.request(filed).state) for filed in (first, *others))
    assert states == ["awaiting", "new", "new", "new", "new"]
    assert len(codes(rig, "personal_address")) == 1
    waiting = [rig.request(filed) for filed in (first, *others) if rig.request(filed).state == "new"]
    assert {request.waits_for for request in waiting} == {"another request of this person"}


def test_a_request_that_waited_for_one_that_is_held_is_held_with_a_pointer(rig: Rig) -> None:
    first = delivered_code(rig)
    second = rig.file("personal_address", device=SECURITY_KEY)
    rig.once()
    assert rig.request(second).state == "new"
    rig.site.work_note(first.task.number, "desk.dana", "#revoke")
    rig.clock.pass_(MINUTE)
    rig.once()
    assert rig.request(second).state == "held"
    assert first.task.number in rig.notes(second, "work_notes")[-1]


def test_the_revoke_command_works_while_the_ticket_system_is_down(rig: Rig) -> None:
    filed = delivered_code(rig)
    rig.sandbox.servers[rig.system].stop()
    rig.again()
    revoke(rig.shop, rig.request(filed), "an operator")
    assert codes(rig, "personal_address") == ()
    assert alive_pushes(rig) == 0
    request = rig.request(filed)
    assert request.state == "held"
    assert rig.system in request.waits_for


def test_retry_asks_every_guard_again(rig: Rig) -> None:
    filed = rig.file("disabled")
    rig.once()
    retry(rig.shop, rig.request(filed), "an operator")
    assert rig.request(filed).state == "new"
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "disabled")


def test_a_row_that_time_missed_is_found_by_its_state(rig: Rig) -> None:
    rig.once()
    filed = rig.file("never_activated", at=rig.clock() + timedelta(seconds=1))
    rig.clock.pass_(timedelta(hours=1))
    late = rig.file("platform_unknown")
    rig.once()
    assert rig.request(late).state == "awaiting"
    rig.once()  # takes in what the worker itself wrote, where that is news to it
    assert reconcile(rig.shop.polling, rig.clock()) == 0, "once has reconciled already"
    assert rig.request(filed).state == "awaiting"


def test_an_edited_request_that_is_handed_back_is_decided_on_what_it_says_now(rig: Rig) -> None:
    filed = rig.file("never_activated", number="not a number")
    rig.once()
    assert rig.request(filed).rule_row == "unusable-answer"
    rig.clock.pass_(MINUTE)
    rig.site.edit_answer(filed.item.number, "mobile_number", rig.person("never_activated").number)
    rig.site.assign(filed.task.number, "duo.worker", by="technician.tom")
    rig.once()
    assert rig.request(filed).state == "awaiting"


def test_an_answer_that_is_edited_after_the_decision_holds_the_request(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY)
    pause(rig.shop.ledger, rig.clock(), everything=False, why="a test")
    rig.once()
    assert rig.request(filed).state == "acting"
    rig.clock.pass_(timedelta(minutes=2))
    rig.site.edit_answer(filed.item.number, "phone_os", "Android")
    resume(rig.shop.ledger, rig.clock())
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "edited")


def test_a_note_that_did_not_help_does_not_lift_the_hold_again_and_again(rig: Rig) -> None:
    person = rig.person("never_logged_in")
    rig.sandbox.duo.set_email(person.user_name, "")
    rig.site.set_user(person.user_name, email="")
    filed = rig.file("never_logged_in")
    rig.verify(filed)
    for _ in range(3):
        rig.once()
        rig.clock.pass_(MINUTE)
    assert rig.request(filed).state == "held"
    assert len(rig.notes(filed, "work_notes")) == 1
