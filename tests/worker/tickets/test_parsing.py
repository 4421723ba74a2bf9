"""What a row, its notes and its approvers say as a ticket."""

from datetime import timedelta

import pytest

from connectors.errors import Misconfigured
from tests.connectors.servicenow.stand import ANSWERS, PEOPLE, Stand
from tests.worker.tickets.ticketing import polled, the_ticket, tickets_of
from worker.tickets.ticket import Answers, Approver, Person

ANA, BEN, CLEO = PEOPLE[0], PEOPLE[1], PEOPLE[2]


def test_a_request_is_a_ticket_with_everything_that_is_known_of_it(stand: Stand) -> None:
    stand.servicenow.set_user(ANA.user_name, u_hr_phone="+16025550100", u_personal_email="ana@mail.example")
    filed = stand.file(ANA, opener=BEN.user_name, answers={**ANSWERS, "preferred_method": "activation_link"})
    ticket = the_ticket(stand)
    assert (ticket.system, ticket.id, ticket.number) == ("servicenow", filed.task.sys_id, filed.task.number)
    assert ticket.other_numbers == (filed.item.number, filed.request.number)
    assert ticket.person == Person(
        id=ticket.person.id,
        user_name=ANA.user_name,
        first_name=ANA.first_name,
        email=ANA.email,
        trusted_numbers=("+16025550100",),
        trusted_addresses=("ana@mail.example",),
    )
    assert (ticket.opener.user_name, ticket.opener.email) == (BEN.user_name, BEN.email)
    assert ticket.answers == Answers("duo_mobile", "+14805550142", "ios", "activation_link")
    assert (ticket.problems, ticket.approval, ticket.approvers) == ((), "none", ())
    assert (ticket.state, ticket.assignee, ticket.watched, ticket.persons_agree) == ("open", "", False, True)
    assert ticket.filed_at == ticket.changed_at == ticket.read_at == stand.clock()
    assert (ticket.stamp, ticket.notes) == ("0/0", ())


def test_fields_that_people_edit_themselves_are_trusted_only_if_they_are_named(stand: Stand) -> None:
    stand.file(ANA)
    assert the_ticket(stand).person.trusted_numbers == ()
    assert the_ticket(stand, trusted_number_fields=("mobile_phone",)).person.trusted_numbers == (ANA.number,)


def test_an_older_instance_says_on_the_request_whom_it_is_for(stand: Stand) -> None:
    filed = stand.file(ANA, opener=BEN.user_name)
    stand.servicenow.set_fields(filed.item.sys_id, "admin", requested_for="")
    ticket = the_ticket(stand)
    assert (ticket.person.user_name, ticket.person.email) == (ANA.user_name, ANA.email)
    assert ticket.persons_agree


def test_item_and_request_that_name_two_people_are_told(stand: Stand) -> None:
    filed = stand.file(ANA)
    other = stand.servicenow.row(stand.file(BEN).item.sys_id)["requested_for"]
    stand.servicenow.set_fields(filed.request.sys_id, "admin", requested_for=other)
    ticket = tickets_of(stand).read([filed.task.sys_id])[filed.task.sys_id]
    assert ticket.person.user_name == ANA.user_name
    assert not ticket.persons_agree


def test_a_request_for_nobody_is_a_problem(stand: Stand) -> None:
    filed = stand.file(ANA)
    for record in (filed.item, filed.request):
        stand.servicenow.set_fields(record.sys_id, "admin", requested_for="")
    ticket = the_ticket(stand)
    assert ticket.person == Person()
    assert ticket.problems == ("the request names nobody whom it is for",)


def test_a_person_whose_record_can_t_be_read_is_a_problem(stand: Stand) -> None:
    stand.file(ANA)
    stand.servicenow.switch(hidden_fields=frozenset({"sys_user.user_name"}))
    assert the_ticket(stand).problems == ("the request names nobody whom it is for",)


@pytest.mark.parametrize(
    ("state", "word"),
    [("1", "open"), ("2", "work_in_progress"), ("-5", "pending"), ("3", "closed"), ("4", "closed"), ("7", "closed")],
)
def test_a_state_is_our_word_for_it(stand: Stand, state: str, word: str) -> None:
    filed = stand.file()
    stand.servicenow.set_fields(filed.task.sys_id, "admin", state=state)
    assert the_ticket(stand).state == word


def test_a_state_that_is_not_set_up_is_another(stand: Stand) -> None:
    filed = stand.file()
    stand.servicenow.set_fields(filed.task.sys_id, "admin", state="42")
    assert the_ticket(stand).state == "other"


def test_the_assignee_is_a_user_name_and_one_that_can_t_be_read_is_still_somebody(stand: Stand) -> None:
    filed = stand.file()
    stand.servicenow.assign(filed.task.sys_id, "admin")
    assert the_ticket(stand).assignee == "admin"
    stand.servicenow.switch(hidden_fields=frozenset({"sys_user.user_name"}))
    assert the_ticket(stand).assignee == stand.servicenow.row(filed.task.sys_id)["assigned_to"]


@pytest.mark.parametrize("record", ["task", "item"])
def test_somebody_else_on_a_watch_list_is_told(stand: Stand, record: str) -> None:
    filed = stand.file(ANA, opener=BEN.user_name)
    row = stand.servicenow.row(filed.item.sys_id)
    parties = f"{row['requested_for']},{BEN.email.upper()}"
    stand.servicenow.set_fields(getattr(filed, record).sys_id, "admin", watch_list=parties)
    assert not the_ticket(stand).watched
    stand.servicenow.set_fields(getattr(filed, record).sys_id, "admin", watch_list=f"{parties}, boss@example.edu")
    assert the_ticket(stand).watched


def test_a_watch_list_that_isn_t_shown_may_have_anybody_on_it(stand: Stand) -> None:
    stand.file()
    stand.servicenow.switch(hidden_fields=frozenset({"sc_task.watch_list"}))
    assert the_ticket(stand).watched


@pytest.mark.parametrize(
    ("of_item", "of_request", "word"),
    [
        ("not requested", "not requested", "none"),
        ("not requested", "approved", "approved"),
        ("approved", "not requested", "approved"),
        ("approved", "requested", "requested"),
        ("approved", "rejected", "rejected"),
        ("requested", "approved", "requested"),
        ("rejected", "requested", "rejected"),
        ("not_required", "", "none"),
        ("duplicate", "approved", "requested"),
    ],
)
def test_the_least_favourable_approval_counts(stand: Stand, of_item: str, of_request: str, word: str) -> None:
    stand.servicenow.switch(allow_non_existing_choice=True)
    filed = stand.file()
    stand.servicenow.set_fields(filed.item.sys_id, "admin", approval=of_item)
    stand.servicenow.set_fields(filed.request.sys_id, "admin", approval=of_request)
    assert the_ticket(stand).approval == word


def test_approvers_are_those_who_decided(stand: Stand) -> None:
    filed, other = stand.file(ANA), stand.file(BEN)
    stand.servicenow.ask_approval(filed.item.sys_id, BEN.user_name)
    stand.servicenow.approve(filed.item.sys_id, CLEO.user_name)
    stand.servicenow.reject(other.item.sys_id, "admin")
    found = {ticket.id: ticket for ticket in polled(stand).tickets}
    assert found[filed.task.sys_id].approvers == (Approver(CLEO.user_name, approved=True),)
    assert found[other.task.sys_id].approvers == (Approver("admin", approved=False),)


def test_notes_of_task_and_item_come_in_order_with_kind_and_author(stand: Stand) -> None:
    filed, other = stand.file(ANA), stand.file(BEN)
    stand.servicenow.work_note(filed.task.sys_id, "admin", "#verified photo-id-video")
    stand.servicenow.comment(other.task.sys_id, BEN.user_name, "not mine")
    stand.clock.advance(timedelta(seconds=1))
    stand.servicenow.comment(filed.item.sys_id, ANA.user_name, "#verified by me")
    ticket = tickets_of(stand).read([filed.task.sys_id])[filed.task.sys_id]
    start = stand.clock() - timedelta(seconds=1)
    assert [(note.at, note.kind, note.author, note.text) for note in ticket.notes] == [
        (start, "work_note", "admin", "#verified photo-id-video"),
        (stand.clock(), "comment", ANA.user_name, "#verified by me"),
    ]
    assert len({note.id for note in ticket.notes}) == 2


@pytest.mark.parametrize("field", ["sc_task.number", "sc_task.approval", "sc_req_item.sys_created_on"])
def test_a_field_that_every_row_has_and_that_isn_t_shown_is_named(stand: Stand, field: str) -> None:
    stand.file()
    stand.file()
    stand.servicenow.switch(hidden_fields=frozenset({field}))
    with pytest.raises(Misconfigured, match=field.rpartition(".")[2]):
        polled(stand)
