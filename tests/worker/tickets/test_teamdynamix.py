"""TeamDynamix tickets as tickets of ours, against the sandbox's tenant."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Misconfigured, Unavailable
from tests.worker.tickets.teamdynamix_stand import Stand, moment, standing

SECOND = timedelta(seconds=1)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made


def test_tickets_of_all_applications_come_and_each_is_known_by_its_own(stand: Stand) -> None:
    filed = [stand.file(), stand.file("no_phone", app=47)]
    found = stand.tickets.changed(stand.clock())
    assert {ticket.id for ticket in found.tickets} == {each.task.sys_id for each in filed}
    assert {ticket.answers.device for ticket in found.tickets} == {"duo_mobile"}
    assert (found.foreign, found.mark) == (0, stand.clock())


def test_an_answer_that_is_cut_in_silence_loses_no_ticket(stand: Stand) -> None:
    stand.again(search_limit=4)
    filed = []
    for _ in range(23):
        filed.append(stand.file())
        stand.clock.pass_(20 * SECOND)
    found = stand.tickets.changed(stand.clock() - timedelta(hours=1))
    assert {ticket.id for ticket in found.tickets} == {each.task.sys_id for each in filed}
    asked = [call for call in stand.calls.select("teamdynamix") if call.path.endswith("31/tickets/search")]
    assert len(asked) < 40


def test_even_those_of_one_moment_all_come(stand: Stand) -> None:
    stand.again(search_limit=4)
    filed = {stand.file().task.sys_id for _ in range(9)}
    assert {ticket.id for ticket in stand.tickets.waiting().tickets} == filed


def test_a_filter_that_is_ignored_brings_foreign_rows_and_no_foreign_ticket(stand: Stand) -> None:
    stranger = stand.file()
    stand.site.set_form(stranger.task.number, 9999)
    stand.site.switch(ignored_filters=frozenset({"FormIDs"}))
    ours = stand.file("no_phone")
    found = stand.tickets.changed(stand.clock())
    assert ([ticket.id for ticket in found.tickets], found.foreign) == ([ours.task.sys_id], 1)
    assert stand.tickets.find(stranger.task.number) is None
    assert stand.tickets.read([stranger.task.sys_id]) == {}


def test_what_was_dealt_with_is_not_read_again(stand: Stand) -> None:
    stand.file()
    (ticket,) = stand.tickets.changed(stand.clock()).tickets
    before = len(stand.calls)
    known = {(ticket.id, ticket.stamp)}
    found = stand.tickets.changed(stand.clock(), lambda seen: set(seen) & known)
    assert found.tickets == ()
    assert [call.path.rpartition("/")[2] for call in stand.calls.select(since=before)] == ["search", "search"]


def test_the_person_is_whom_the_form_names_and_the_opener_who_filed_it(stand: Stand) -> None:
    person = stand.sandbox.person("no_phone")
    filed = stand.file("working_app", affected=person.user_name)
    ticket = stand.read(filed)
    assert (ticket.person.user_name, ticket.person.email) == (person.user_name, person.email)
    assert ticket.opener.user_name == stand.sandbox.person("working_app").user_name
    assert ticket.persons_agree


def test_a_requestor_beside_person_and_opener_is_a_contradiction(stand: Stand) -> None:
    filed = stand.file("working_app", opener="desk.dana", affected=stand.sandbox.person("no_phone").user_name)
    assert not stand.read(filed).persons_agree


def test_an_account_that_ended_is_a_problem(stand: Stand) -> None:
    filed = stand.file()
    stand.site.set_user(stand.sandbox.person("never_activated").user_name, active="false")
    assert stand.read(filed).problems == ("the person's account at the help site isn't active",)


def test_a_person_without_the_configured_field_is_a_problem(stand: Stand) -> None:
    filed = stand.file()
    stand.site.set_user(stand.sandbox.person("never_activated").user_name, ExternalID="")
    assert stand.read(filed).problems == ("the request names nobody whom it is for",)


def test_nobody_can_pass_for_the_worker_by_a_field_of_theirs(stand: Stand) -> None:
    filed = stand.file()
    person = stand.sandbox.person("never_activated").user_name
    stand.site.set_user(person, ExternalID="Duo.Worker")
    stand.site.comment(filed.task.number, person, "done")
    (note,) = stand.read(filed).notes
    assert note.author != stand.tickets.me()
    assert stand.tickets.me() == "duo.worker"


def test_notes_tell_private_from_public_and_who_wrote_them(stand: Stand) -> None:
    filed = stand.file()
    stand.site.comment(filed.task.number, "desk.dana", "hello")
    stand.site.work_note(filed.task.number, "identity.ines", "#verified photo-id-in-person")
    assert [(note.kind, note.author, note.text) for note in stand.read(filed).notes] == [
        ("comment", "desk.dana", "hello"),
        ("work_note", "identity.ines", "#verified photo-id-in-person"),
    ]


def test_replies_that_the_feed_leaves_out_are_fetched_and_are_as_private_as_what_they_answer(stand: Stand) -> None:
    filed = stand.file()
    stand.site.work_note(filed.task.number, "identity.ines", "is it her?")
    stand.site.reply(filed.task.number, "desk.dana", "#revoke")
    assert [(note.kind, note.author) for note in stand.read(filed).notes] == [
        ("work_note", "identity.ines"),
        ("work_note", "desk.dana"),
    ]


def test_a_line_that_tells_of_an_edit_is_no_note_but_the_answers_are_younger_by_it(stand: Stand) -> None:
    filed = stand.file()
    stand.minute()
    stand.site.work_note(filed.task.number, "identity.ines", "#verified photo-id-in-person")
    assert stand.read(filed).answers_at == stand.read(filed).filed_at
    stand.minute()
    stand.site.edit_answer(filed.task.number, "mobile_number", "+16025550199")
    ticket = stand.read(filed)
    assert ticket.answers_at >= stand.clock()
    assert len(ticket.notes) == 1


def test_a_change_that_left_no_line_may_be_one_of_the_answers(stand: Stand) -> None:
    stand.site.switch(edits_leave_a_line=False)
    filed = stand.file()
    stand.minute()
    stand.site.work_note(filed.task.number, "identity.ines", "#verified photo-id-in-person")
    stand.minute()
    stand.site.edit_answer(filed.task.number, "mobile_number", "+16025550199")
    assert stand.read(filed).answers_at >= stand.clock()


def test_somebody_else_who_is_mailed_comments_is_told(stand: Stand) -> None:
    assert not stand.read(stand.file()).watched
    assert stand.read(stand.file("no_phone", watched_by="nosy@example.net")).watched


def test_members_are_user_names_and_a_group_that_is_not_there_is_named(stand: Stand) -> None:
    assert stand.tickets.members(["Identity Desk"]) == {"Identity Desk": {"identity.ines", "identity.ivan"}}
    with pytest.raises(Misconfigured, match="'No such desk'"):
        stand.tickets.members(["No such desk"])


def test_check_lists_the_ids_and_finds_what_is_wrong(stand: Stand) -> None:
    stand.file()
    found = {probe.name: probe for probe in stand.tickets.probes()}
    assert all(probe.ok for probe in found.values()), [probe for probe in found.values() if not probe.ok]
    assert "District Help Desk = 31" in found["applications"].sentence
    assert "Waiting for Customer (OnHold) = 1003" in found["statuses of 31"].sentence
    assert "Device type = 1021 (Duo Mobile | Security key)" in found["attributes of 31"].sentence
    stand.site.switch(unassignable=frozenset({"duo.worker"}), definitions_right=False)
    stand.again(pending_needs_date=False)
    wrong = {probe.name for probe in stand.tickets.probes() if not probe.ok}
    assert wrong == {f"{what} {app}" for what in ("statuses of", "attributes of", "assignment in") for app in (31, 47)}


def test_a_token_that_ended_is_renewed_once_whatever_was_asked(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.expire_tokens()
    stand.tickets.write(ticket, moment("enrolled", comment="It works."))
    assert stand.site.ticket(filed.task.number)["comments"] == ["It works."]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_bad_credentials_are_an_operators_to_mend(stand: Stand, status: int) -> None:
    stand.site.switch(refused_status=status)
    stand.site._site.user_named("duo.worker").password = "another"
    with pytest.raises(Misconfigured, match="sign-in"):
        stand.tickets.me()


def test_a_token_may_come_as_json(stand: Stand) -> None:
    stand.site.switch(quoted_token=True)
    assert stand.tickets.me() == "duo.worker"


def test_the_administrators_key_signs_in_as_well(tmp_path: Path) -> None:
    with standing(tmp_path, admin=True) as stand:
        assert stand.tickets.me() == "duo.worker"


def test_over_the_limit_the_wait_is_what_the_headers_say_and_five_seconds(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.switch(limited=True, calls_in_window=0)
    stand.tenant.stop.set()
    with pytest.raises(Unavailable) as raised:
        stand.tickets.write(ticket, moment("enrolled"))
    assert raised.value.retry_after == timedelta(seconds=65)
