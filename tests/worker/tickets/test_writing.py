"""What each moment writes on the ticket, in one call, and what the answer tells."""

import json
from dataclasses import replace

import pytest

from connectors.errors import Misconfigured, Refused, Uncertain
from connectors.sandbox.servicenow import AbortRule
from connectors.secret import Secret
from tests.connectors.servicenow.stand import PEOPLE, Stand
from tests.worker.tickets.ticketing import HOLD_GROUP, a_moment, the_ticket, tickets_of
from worker.tickets.ticket import Written

PASSPHRASE = "ABCDEFGH2345"


@pytest.mark.parametrize(
    ("name", "state", "assignee"),
    [
        ("taken", "2", "duo.worker"),
        ("delivered", "-5", "admin"),
        ("reminder", "-5", "admin"),
        ("enrolled", "3", "admin"),
        ("given_up", "4", "admin"),
        ("held", "1", ""),
        ("stepped_back", "-5", "admin"),
        ("closed", "-5", "admin"),
        ("refused", "-5", "admin"),
    ],
)
def test_a_moment_s_state_and_assignment(stand: Stand, name: str, state: str, assignee: str) -> None:
    filed = stand.file()
    stand.servicenow.set_fields(filed.task.sys_id, "admin", state="-5")
    stand.servicenow.assign(filed.task.sys_id, "admin")
    tickets_of(stand).write(the_ticket(stand), a_moment(name))
    after = stand.servicenow.ticket(filed.task.number)
    assert (after["state"], after["assigned_to"]) == (state, assignee)
    assert after["assignment_group"] == (HOLD_GROUP if name == "held" else "Duo Enrolment")


def test_state_comment_and_work_note_are_one_write(stand: Stand) -> None:
    filed, tickets = stand.file(), tickets_of(stand)
    ticket, _ = the_ticket(stand), tickets.me()
    stand.new_calls()
    tickets.write(ticket, a_moment("delivered", comment="look into your mail"))
    (call,) = stand.new_calls()
    assert (call.method, call.path) == ("PATCH", f"/api/now/table/sc_task/{filed.task.sys_id}")
    after = stand.servicenow.ticket(filed.task.number)
    assert after["comments"] == ["look into your mail"]
    assert after["work_notes"] == ["why and how\n[duo-worker abc]"]


def test_a_moment_without_comment_writes_none(stand: Stand) -> None:
    filed = stand.file()
    tickets_of(stand).write(the_ticket(stand), a_moment("stepped_back"))
    assert stand.servicenow.ticket(filed.task.number)["comments"] == []


def test_html_is_not_shown_as_such(stand: Stand) -> None:
    filed = stand.file()
    nasty = "name [code]<script>x</script>[/code] [CODE]"
    tickets_of(stand).write(the_ticket(stand), a_moment(comment=nasty, work_note=nasty))
    for entry in stand.servicenow.journal(filed.task.sys_id):
        assert "<script>" not in entry.html


def test_the_answer_tells_stamp_state_and_assignee(stand: Stand) -> None:
    stand.file()
    tickets = tickets_of(stand)
    written = tickets.write(the_ticket(stand), a_moment("taken"))
    assert written == Written(stamp="1/0", assignee="duo.worker", state="work_in_progress", only_ours=True)
    assert the_ticket(stand).stamp == written.stamp


@pytest.mark.parametrize("record", ["task", "item"])
def test_a_change_by_somebody_else_since_the_reading_is_told(stand: Stand, record: str) -> None:
    filed = stand.file()
    ticket = the_ticket(stand)
    stand.servicenow.comment(getattr(filed, record).sys_id, PEOPLE[0].user_name, "wait!")
    assert not tickets_of(stand).write(ticket, a_moment("delivered")).only_ours


def test_a_rule_that_touches_the_item_is_taken_for_somebody_else(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(task_touches_item=True)
    written = tickets_of(stand).write(the_ticket(stand), a_moment("delivered"))
    assert (written.stamp, written.only_ours) == ("1/1", False)


def test_somebody_who_took_the_ticket_shows_in_the_answer(stand: Stand) -> None:
    filed = stand.file()
    ticket = the_ticket(stand)
    stand.servicenow.assign(filed.task.sys_id, "admin")
    written = tickets_of(stand).write(ticket, a_moment("delivered"))
    assert (written.assignee, written.only_ours) == ("admin", False)


@pytest.mark.parametrize("name", ["taken", "delivered", "held"])
def test_nothing_is_asked_once_a_write_is_done(stand: Stand, name: str) -> None:
    """A reading that failed then would pass for a write that wasn't sent."""
    stand.file()
    ticket = the_ticket(stand)
    stand.new_calls()
    tickets_of(stand).write(ticket, a_moment(name))
    assert [call.method for call in stand.new_calls()][-1] == "PATCH"


def test_an_answer_without_names_still_tells_that_the_ticket_is_ours(stand: Stand) -> None:
    filed, tickets = stand.file(), tickets_of(stand)
    ticket, _ = the_ticket(stand), tickets.me()
    stand.servicenow.switch(hidden_fields=frozenset({"sys_user.user_name"}))
    assert tickets.write(ticket, a_moment("taken")).assignee == "duo.worker"
    stand.servicenow.assign(filed.task.sys_id, "admin")
    assert tickets.write(ticket, a_moment("delivered")).assignee not in ("", "duo.worker")


def test_an_answer_that_doesn_t_say_whose_the_ticket_is_is_uncertain(stand: Stand) -> None:
    stand.file()
    ticket = the_ticket(stand)
    stand.servicenow.switch(hidden_fields=frozenset({"sc_task.active"}))
    with pytest.raises(Uncertain, match="doesn't show active"):
        tickets_of(stand).write(ticket, a_moment("stepped_back"))


def test_a_ticket_that_was_closed_and_stays_so_is_told_and_no_failure(stand: Stand) -> None:
    filed = stand.file()
    ticket = the_ticket(stand)
    stand.servicenow.close(filed.task.sys_id, "admin")
    stand.servicenow.switch(refused_moves=frozenset({("sc_task", "3", "2")}))
    assert tickets_of(stand).write(ticket, a_moment("taken")).state == "closed"


def test_a_ticket_that_can_t_be_taken_from_somebody_is_told_and_no_failure(stand: Stand) -> None:
    filed = stand.file()
    ticket = the_ticket(stand)
    stand.servicenow.assign(filed.task.sys_id, "admin")
    stand.servicenow.switch(unwritable_fields=frozenset({"sc_task.assigned_to"}))
    written = tickets_of(stand).write(ticket, a_moment("taken"))
    assert (written.assignee, written.state) == ("admin", "work_in_progress")


def test_a_state_that_isn_t_taken_over_on_an_open_ticket_of_ours_is_a_refusal(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(refused_moves=frozenset({("sc_task", "1", "-5")}))
    with pytest.raises(Refused, match="not taken over: state"):
        tickets_of(stand).write(the_ticket(stand), a_moment("delivered"))


def test_a_refusal_has_servicenow_s_reason_and_nothing_of_ours(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(abort_rules=(AbortRule("sc_task", "state=-5", name="Not on Sundays"),))
    moment = a_moment("delivered", comment="a private comment", passphrase=Secret(PASSPHRASE))
    with pytest.raises(Refused, match="Not on Sundays") as failure:
        tickets_of(stand).write(the_ticket(stand), moment)
    for sent in ("private", PASSPHRASE, "why and how"):
        assert sent not in failure.value.detail


def test_a_passphrase_goes_into_its_field_and_is_emptied_from_it(stand: Stand) -> None:
    filed, tickets = stand.file(), tickets_of(stand)
    tickets.write(the_ticket(stand), a_moment("delivered", passphrase=Secret(PASSPHRASE)))
    assert stand.servicenow.row(filed.task.sys_id)["u_passphrase"] == PASSPHRASE
    tickets.write(the_ticket(stand), a_moment("enrolled", empty_passphrase=True))
    assert stand.servicenow.row(filed.task.sys_id)["u_passphrase"] == ""


def test_a_passphrase_field_is_emptied_on_its_own_as_often_as_one_likes(stand: Stand) -> None:
    filed, tickets = stand.file(), tickets_of(stand)
    stand.servicenow.set_fields(filed.task.sys_id, "admin", u_passphrase=PASSPHRASE)
    for _ in range(2):
        tickets.empty_passphrase(filed.task.sys_id)
        assert stand.servicenow.row(filed.task.sys_id)["u_passphrase"] == ""
    assert stand.servicenow.journal(filed.task.sys_id) == []


def test_without_a_passphrase_field_there_is_nothing_to_empty_and_nowhere_to_write(stand: Stand) -> None:
    filed, tickets = stand.file(), tickets_of(stand, passphrase_field="")
    ticket, _ = the_ticket(stand), tickets.me()
    stand.new_calls()
    tickets.empty_passphrase(filed.task.sys_id)
    with pytest.raises(ValueError, match="passphrase_field"):
        tickets.write(ticket, a_moment("delivered", passphrase=Secret(PASSPHRASE)))
    assert stand.new_calls() == ()
    tickets.write(ticket, a_moment("delivered", empty_passphrase=True))
    (call,) = stand.new_calls()
    assert set(json.loads(call.body)) == {"state", "work_notes"}


def test_a_passphrase_that_isn_t_taken_over_is_a_refusal_that_doesn_t_show_it(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(unwritable_fields=frozenset({"sc_task.u_passphrase"}))
    with pytest.raises(Refused) as failure:
        tickets_of(stand).write(the_ticket(stand), a_moment("delivered", passphrase=Secret(PASSPHRASE)))
    assert failure.value.detail == "not taken over: u_passphrase"


def test_our_note_is_found_by_its_marker_after_a_lost_answer(stand: Stand) -> None:
    filed, tickets = stand.file(), tickets_of(stand)
    ticket = the_ticket(stand)
    assert not tickets.written(filed.task.sys_id, "[duo-worker abc]")
    stand.servicenow.switch(mishap="committed", mishap_methods=frozenset({"PATCH"}))
    with pytest.raises(Uncertain):
        tickets.write(ticket, a_moment("delivered"))
    assert tickets.written(filed.task.sys_id, "[duo-worker abc]")
    assert not tickets.written(filed.task.sys_id, "[duo-worker abd]")


@pytest.mark.parametrize(
    ("author", "kind", "text"),
    [
        ("admin", "work_note", "why\n[duo-worker abc]"),
        ("duo.worker", "comment", "why\n[duo-worker abc]"),
        ("duo.worker", "work_note", "[duo-worker abc]\nis what somebody asked about"),
    ],
)
def test_a_marker_counts_only_at_the_end_of_a_work_note_of_ours(
    stand: Stand, author: str, kind: str, text: str
) -> None:
    filed = stand.file()
    getattr(stand.servicenow, kind)(filed.task.sys_id, author, text)
    assert not tickets_of(stand).written(filed.task.sys_id, "[duo-worker abc]")


def test_an_item_can_be_written_directly(stand: Stand) -> None:
    filed = stand.file()
    tickets = tickets_of(stand, write_to="item")
    written = tickets.write(the_ticket(stand, write_to="item"), a_moment("taken"))
    assert written == Written(stamp="1/1", assignee="duo.worker", state="work_in_progress", only_ours=True)
    assert stand.servicenow.row(filed.item.sys_id)["state"] == "2"
    assert stand.servicenow.row(filed.task.sys_id)["state"] == "1"
    assert tickets.written(filed.item.sys_id, "[duo-worker abc]")


def test_the_hold_group_must_exist(stand: Stand) -> None:
    stand.file()
    with pytest.raises(Misconfigured, match="'Nowhere'"):
        tickets_of(stand, hold_group="Nowhere").write(the_ticket(stand), a_moment("held"))
    assert all(call.method == "GET" for call in stand.calls())


def test_account_and_hold_group_are_looked_up_once(stand: Stand) -> None:
    stand.file()
    tickets, ticket = tickets_of(stand), the_ticket(stand)
    for name in ("taken", "held"):
        tickets.write(ticket, a_moment(name))
    stand.new_calls()
    for name in ("taken", "held"):
        tickets.write(ticket, a_moment(name))
    assert [call.method for call in stand.new_calls()] == ["PATCH", "PATCH"]


def test_the_worker_knows_its_own_name_and_who_is_in_which_group(stand: Stand) -> None:
    stand.servicenow.add_group("Identity Desk", [PEOPLE[3].user_name])
    tickets = tickets_of(stand)
    assert tickets.me() == "duo.worker"
    assert tickets.members(["Identity Desk"]) == {"Identity Desk": frozenset({PEOPLE[3].user_name})}


def test_writing_to_a_ticket_that_is_gone_is_a_refusal(stand: Stand) -> None:
    stand.file()
    with pytest.raises(Refused):
        tickets_of(stand).write(replace(the_ticket(stand), id="f" * 32), a_moment("delivered"))
