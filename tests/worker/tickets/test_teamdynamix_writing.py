"""What a moment becomes on a TeamDynamix ticket, whatever goes wrong on the way, against the sandbox's tenant."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Refused, Uncertain
from connectors.sandbox.faults import Rule
from connectors.secret import Secret
from tests.worker.tickets.teamdynamix_stand import MARKER, Stand, moment, standing
from worker.tickets.teamdynamix.latest import MOMENT
from worker.tickets.ticket import Moment

A_WHILE = MOMENT + timedelta(seconds=1)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made


def test_a_moment_is_a_public_comment_with_the_status_and_a_private_note_at_the_end(stand: Stand) -> None:
    filed = stand.file()
    stand.tickets.write(stand.read(filed), moment("taken"))
    before = len(stand.calls)
    written = stand.tickets.write(stand.read(filed), moment("delivered", comment="Look at your phone."))
    assert (written.state, written.assignee, written.only_ours) == ("pending", "duo.worker", True)
    view = stand.site.ticket(filed.task.number)
    assert (view["state"], view["assigned_to"]) == ("pending", "duo.worker")
    assert view["comments"] == ["Look at your phone."]
    assert view["work_notes"][-1] == f"Done.\n{MARKER}"
    writes = [call for call in stand.calls.writes(since=before) if "search" not in call.path]
    assert [call.method for call in writes] == ["POST", "POST"], "the date that the status needs came with the claim"


def test_held_goes_to_the_group_and_is_nobodys(stand: Stand) -> None:
    filed = stand.file()
    stand.tickets.write(stand.read(filed), moment("taken"))
    stand.tickets.write(stand.read(filed), moment("held", comment="Somebody will look at it."))
    view = stand.site.ticket(filed.task.number)
    assert (view["state"], view["assigned_to"], view["assignment_group"]) == ("open", "", "Duo Hold Queue")


@pytest.mark.parametrize("kind", ["reset after", "silent after", "error after", "page after", "half"])
def test_a_comment_whose_answer_was_lost_is_not_said_twice(stand: Stand, kind: str) -> None:
    stand.sandbox.faults.silence = timedelta(seconds=1.3)
    filed = stand.file()
    told = moment("enrolled", comment="It works.")
    ticket = stand.read(filed)
    stand.sandbox.faults.set(Rule("teamdynamix", kind, method="POST", route="feed"))
    with pytest.raises(Uncertain):
        stand.tickets.write(ticket, told)
    assert not stand.tickets.written(filed.task.sys_id, MARKER)
    stand.tickets.write(stand.read(filed), told)
    view = stand.site.ticket(filed.task.number)
    assert (view["comments"], view["work_notes"]) == (["It works."], [f"Done.\n{MARKER}"])
    assert view["state"] == "closed"


def test_a_note_whose_answer_was_lost_is_found_in_the_feed(stand: Stand) -> None:
    filed = stand.file()
    stand.sandbox.faults.set(Rule("teamdynamix", "reset after", method="POST", route="feed", nth=2))
    with pytest.raises(Uncertain):
        stand.tickets.write(stand.read(filed), moment("enrolled", comment="It works."))
    assert stand.tickets.written(filed.task.sys_id, MARKER)


def test_a_note_that_was_turned_away_after_its_comment_leaves_doubt_and_is_written_alone(stand: Stand) -> None:
    filed = stand.file()
    stand.sandbox.faults.set(Rule("teamdynamix", "busy", method="POST", route="feed", nth=2))
    told = moment("enrolled", comment="It works.")
    with pytest.raises(Uncertain):
        stand.tickets.write(stand.read(filed), told)
    stand.tickets.write(stand.read(filed), told)
    assert stand.site.ticket(filed.task.number)["comments"] == ["It works."]
    assert stand.tickets.written(filed.task.sys_id, MARKER)


def test_the_same_comment_may_be_said_at_a_later_moment(stand: Stand) -> None:
    filed = stand.file()
    for marker in ("[duo-worker 01]", "[duo-worker 02]"):
        stand.tickets.write(stand.read(filed), moment("held", comment="Wait.", marker=marker))
    assert stand.site.ticket(filed.task.number)["comments"] == ["Wait.", "Wait."]


def test_a_marker_by_anybody_else_proves_nothing(stand: Stand) -> None:
    filed = stand.file()
    stand.site.work_note(filed.task.number, "technician.tom", f"Done.\n{MARKER}")
    assert not stand.tickets.written(filed.task.sys_id, MARKER)


def test_a_ticket_that_a_technician_took_meanwhile_gets_the_notes_alone(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.assign(filed.task.number, "technician.tom")
    stand.clock.pass_(A_WHILE)
    written = stand.tickets.write(ticket, moment("enrolled"))
    assert (written.state, written.assignee) == ("open", "technician.tom")
    view = stand.site.ticket(filed.task.number)
    assert (view["state"], view["assigned_to"]) == ("open", "technician.tom")
    assert view["work_notes"] == [f"Done.\n{MARKER}"]


def test_a_ticket_that_was_closed_meanwhile_stays_closed(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.close(filed.task.number, "technician.tom")
    stand.clock.pass_(A_WHILE)
    assert stand.tickets.write(ticket, moment("delivered", comment="Look.")).state == "closed"
    assert stand.site.ticket(filed.task.number)["state"] == "closed"


def test_the_content_filter_refuses_for_good_and_says_what_it_may_be(stand: Stand) -> None:
    filed = stand.file()
    stand.site.switch(filtered_texts=("Look",))
    with pytest.raises(Refused, match="content filter"):
        stand.tickets.write(stand.read(filed), moment("enrolled", comment="Look."))


def test_comments_are_mailed_to_the_person_alone_and_only_where_that_is_wanted(stand: Stand) -> None:
    filed = stand.file(watched_by="nosy@example.net")
    email = stand.sandbox.person("never_activated").email
    for mailed in (False, True):
        stand.again(comments_are_mailed=mailed)
        before = len(stand.calls)
        stand.tickets.write(stand.read(filed), moment("held", comment="Wait.", marker=f"[duo-worker {mailed:02}]"))
        bodies = [call.body.decode() for call in stand.calls.writes(since=before) if call.path.endswith("feed")]
        assert [email in body for body in bodies] == [mailed, False]
        assert not any("nosy" in body for body in bodies)


def test_an_empty_answer_to_a_feed_entry_is_a_success(stand: Stand) -> None:
    stand.site.switch(empty_feed_answer=True)
    filed = stand.file()
    stand.tickets.write(stand.read(filed), moment("enrolled", comment="It works."))
    assert stand.tickets.written(filed.task.sys_id, MARKER)


def test_no_passphrase_is_ever_written_to_a_field(stand: Stand) -> None:
    filed = stand.file()
    with pytest.raises(ValueError, match="feed"):
        stand.tickets.write(stand.read(filed), Moment("delivered", "", "Done.", MARKER, passphrase=Secret("x")))
