"""How few calls a TeamDynamix ticket takes from its filing to its delivery, and what is looked at all the same."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Uncertain
from connectors.sandbox.faults import Rule
from connectors.sandbox.messages import Request, Response
from tests.worker.tickets.teamdynamix_stand import MARKER, Stand, moment, standing
from worker.tickets.teamdynamix.latest import MOMENT

TECHNICIAN = "technician.tom"
TAKEN = moment("taken")
DELIVERED = moment("delivered", comment="Look at your phone.")
A_WHILE = MOMENT + timedelta(seconds=1)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        made.tickets.me()  # once for each process
        yield made


def called(stand: Stand, do: Callable[[], object]) -> list[str]:
    """What was asked: method and the end of the path."""
    before = len(stand.calls)
    do()
    return [
        f"{call.method} {'ticket' if call.path.rpartition('/')[2].isdecimal() else call.path.rpartition('/')[2]}"
        for call in stand.calls.select("teamdynamix", since=before)
        if "/people/" not in call.path
    ]


def test_from_filing_to_delivery_it_is_one_reading_and_three_writes_and_a_look_afterwards(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    assert called(stand, lambda: stand.read(filed)) == ["GET ticket"], "nothing was said since it was filed"
    assert called(stand, lambda: stand.tickets.write(ticket, TAKEN)) == ["PATCH ticket"]
    told = called(stand, lambda: stand.tickets.write(ticket, DELIVERED))
    assert told == ["POST feed", "POST feed", "GET ticket", "GET feed"]


def test_a_form_that_assigns_its_tickets_to_the_worker_saves_the_claim(stand: Stand) -> None:
    stand.again(pending_needs_date=False)
    stand.site.switch(dates_needed=False)
    filed = stand.file(responsible="duo.worker")
    ticket = stand.read(filed)
    written = list[str]()
    assert called(stand, lambda: written.append(stand.tickets.write(ticket, TAKEN).assignee)) == []
    assert written == ["duo.worker"]
    told = called(stand, lambda: stand.tickets.write(ticket, DELIVERED))
    assert told == ["POST feed", "POST feed", "GET ticket", "GET feed"]


def test_what_was_read_longer_ago_is_read_again_before_it_is_claimed(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.assign(filed.task.number, TECHNICIAN)
    stand.clock.pass_(A_WHILE)
    written = list[str]()
    asked = called(stand, lambda: written.append(stand.tickets.write(ticket, TAKEN).assignee))
    assert (asked, stand.site.ticket(filed.task.number)["assigned_to"]) == (["GET ticket"], TECHNICIAN)
    assert written != ["duo.worker"]


def test_every_other_moment_reads_just_before_it_writes(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.close(filed.task.number, TECHNICIAN)
    assert stand.tickets.write(ticket, moment("held", comment="Somebody will look at it.")).state == "closed"
    assert stand.site.ticket(filed.task.number)["state"] == "closed"


def test_a_ticket_that_was_closed_in_the_moment_before_the_claim_stays_closed_and_the_answer_tells(
    stand: Stand,
) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.site.close(filed.task.number, TECHNICIAN)
    written = stand.tickets.write(ticket, TAKEN)
    assert (written.state, written.only_ours) == ("closed", False)
    assert stand.site.ticket(filed.task.number)["state"] == "closed"


@pytest.mark.parametrize("edit", ["mobile_number", "device_type"])
def test_an_edit_in_the_moment_before_the_claim_is_seen_in_its_answer(stand: Stand, edit: str) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    assert stand.tickets.write(ticket, TAKEN).only_ours is None
    value = {"mobile_number": "+16025550199", "device_type": "Security key"}[edit]
    stand.site.assign(filed.task.number, "", by=TECHNICIAN)
    ticket = stand.read(filed)
    stand.site.edit_answer(filed.task.number, edit, value)
    assert stand.tickets.write(ticket, TAKEN).only_ours is False


def meanwhile(stand: Stand, do: Callable[[], object]) -> None:
    """`do` happens once, between the comment and the private note."""
    server, posts = stand.sandbox.servers["teamdynamix"], list[Request]()
    app = server.app

    def answer(request: Request) -> Response:
        if request.method == "POST" and request.path.endswith("/feed"):
            posts.append(request)
            if len(posts) == 2:
                do()
        return app(request)

    server.app = answer


@pytest.mark.parametrize("act", ["comment", "work_note", "assign", "edit", "watch"])
def test_whatever_somebody_does_during_a_delivery_is_news(stand: Stand, act: str) -> None:
    filed = stand.file()
    ticket, number = stand.read(filed), filed.task.number
    acts: dict[str, Callable[[], object]] = {
        "comment": lambda: stand.site.comment(number, stand.sandbox.person("never_activated").user_name, "what?"),
        "work_note": lambda: stand.site.work_note(number, "desk.dana", "#revoke"),
        "assign": lambda: stand.site.assign(number, TECHNICIAN),
        "edit": lambda: stand.site.edit_answer(number, "mobile_number", "+16025550199"),
        "watch": lambda: stand.site.watch(number, "nosy@example.net"),
    }
    stand.tickets.write(ticket, TAKEN)
    meanwhile(stand, acts[act])
    assert stand.tickets.write(ticket, DELIVERED).only_ours is False


def test_a_look_afterwards_that_fails_leaves_the_write_done(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.tickets.write(ticket, TAKEN)
    stand.sandbox.faults.set(Rule("teamdynamix", "error before", method="GET", times=9))
    stand.tenant.stop.set()  # no second try
    written = stand.tickets.write(ticket, DELIVERED)
    assert (written.state, written.assignee, written.only_ours) == ("pending", "duo.worker", False)
    stand.sandbox.faults.set()
    assert stand.tickets.written(filed.task.sys_id, MARKER)


def test_after_a_doubt_nothing_that_was_read_before_counts(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    stand.sandbox.faults.set(Rule("teamdynamix", "reset after", method="PATCH"))
    with pytest.raises(Uncertain):
        stand.tickets.write(ticket, TAKEN)
    assert not stand.tickets.written(filed.task.sys_id, MARKER)
    assert called(stand, lambda: stand.tickets.write(ticket, TAKEN)) == ["GET ticket"], "it is ours already"


def test_a_claim_is_known_again_without_a_note(stand: Stand) -> None:
    filed = stand.file()
    ticket = stand.read(filed)
    assert not ticket.touched
    stand.tickets.write(ticket, TAKEN)
    assert stand.read(filed).touched
    stand.site.comment(filed.task.number, stand.sandbox.person("never_activated").user_name, "hello?")
    assert stand.read(filed).touched, "the line about it stays"
    stand.site.assign(filed.task.number, "", by=TECHNICIAN)
    assert not stand.read(stand.file("no_phone", responsible="duo.worker")).touched, "the form did it"
