from datetime import timedelta

from rules.facts import Request
from tests.builders import DESK, MARKER, ME, NOW, a_note, a_ticket, known
from worker.facts.known import Known
from worker.facts.request import about_request
from worker.tickets.ticket import Ticket


def about(ticket: Ticket, knows: Known | None = None) -> Request:
    return about_request(ticket, knows or known(), me=ME, marker_prefix=MARKER, now=NOW)


def test_what_the_form_and_the_approval_say_is_passed_on() -> None:
    request = about(a_ticket(device="security_key", preferred="bypass_code", phone_os="ios", approval="requested"))
    assert (request.device, request.preferred, request.phone_os) == ("security_key", "bypass_code", "ios")
    assert request.approval == "requested"


def test_age_counts_from_the_filing() -> None:
    assert about(a_ticket(filed_at=NOW - timedelta(days=3))).age == timedelta(days=3)


def test_the_first_problem_stands_for_all() -> None:
    assert about(a_ticket(problems=("no country code", "no device"))).problem == "no country code"
    assert about(a_ticket()).problem == ""


def test_a_request_is_closed_only_in_the_closed_state() -> None:
    assert about(a_ticket(state="closed")).closed
    assert not about(a_ticket(state="other")).closed


def test_a_technician_is_any_assignee_but_the_worker() -> None:
    assert about(a_ticket(assignee="sam.agent")).technician
    assert not about(a_ticket(assignee="Duo.Worker")).technician
    assert not about(a_ticket(assignee="")).technician


def test_persons_that_disagree_are_passed_on() -> None:
    assert not about(a_ticket(persons_agree=False)).persons_agree


def test_an_edit_after_the_decision_is_passed_on() -> None:
    assert about(a_ticket(), known(edited_since_decided=True)).edited
    assert not about(a_ticket()).edited


def test_our_note_on_a_ticket_the_ledger_never_saw_means_a_restored_back_up() -> None:
    ours = a_ticket(notes=(a_note(f"taken\n{MARKER}7f3a", by="DUO.worker"),))
    assert about(ours, Known()).unknown_marker
    assert not about(ours, known()).unknown_marker
    assert not about(a_ticket(), Known()).unknown_marker


def test_our_marker_is_ours_only_in_a_work_note_of_our_account() -> None:
    text = f"taken\n{MARKER}7f3a"
    quoted = a_ticket(notes=(a_note(text, by=DESK), a_note(text, by=ME, kind="comment"), a_note("hello", by=ME)))
    assert not about(quoted, Known()).unknown_marker
