"""What others do to a TeamDynamix ticket in the moment of a write of ours, where nothing is compared."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.teamdynamix import Filed
from tests.worker.tickets.teamdynamix_stand import Stand, moment, standing

TECHNICIAN = "technician.tom"
TAKEN = moment("taken")
DELIVERED = moment("delivered", comment="A link was mailed.")
CLOSED = moment("closed", work_note="Closed by a person.")


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as stand:
        yield stand


def just_before_the_status(stand: Stand, do: Callable[[], object]) -> None:
    """`do` happens once, just before the next status is set."""
    server, done = stand.sandbox.servers["teamdynamix"], list[Request]()
    app = server.app

    def meanwhile(request: Request) -> Response:
        if not done and request.method == "POST" and request.path.endswith("/feed"):
            done.append(request)
            do()
        return app(request)

    server.app = meanwhile


def closed_in_the_moment(stand: Stand, how: Literal["complete", "incomplete"] = "complete") -> Filed:
    stand.site.switch(dates_needed=False)  # else the status is refused, for closing takes the date away
    filed = stand.file()
    stand.tickets.write(stand.read(filed), TAKEN)
    before = stand.read(filed)
    just_before_the_status(stand, lambda: stand.site.close(filed.task.number, TECHNICIAN, how=how))
    stand.tickets.write(before, DELIVERED)
    assert stand.site.ticket(filed.task.number)["status"] == "Waiting for Customer", "theirs was written over"
    return filed


def test_a_ticket_that_was_closed_in_the_moment_of_a_status_of_ours_is_closed(stand: Stand) -> None:
    filed = closed_in_the_moment(stand)
    assert stand.read(filed).state == "closed"
    stand.site.comment(filed.task.number, TECHNICIAN, "was that you?")
    assert stand.read(filed).state == "closed", "talk doesn't open it"


@pytest.mark.parametrize(("how", "status"), [("complete", "Resolved"), ("incomplete", "Cancelled")])
def test_what_was_written_over_is_set_again_with_the_note_about_it(
    stand: Stand, how: Literal["complete", "incomplete"], status: str
) -> None:
    filed = closed_in_the_moment(stand, how)
    stand.minute()
    stand.tickets.write(stand.read(filed), CLOSED)
    assert stand.site.ticket(filed.task.number)["status"] == status
    assert stand.read(filed).state == "closed"


def test_a_ticket_that_was_opened_again_since_is_open_and_stays_so(stand: Stand) -> None:
    filed = closed_in_the_moment(stand)
    before = stand.read(filed)
    stand.minute()
    stand.site.reopen(filed.task.number, TECHNICIAN)
    assert stand.read(filed).state == "open"
    stand.tickets.write(before, CLOSED)
    assert stand.site.ticket(filed.task.number)["status"] == "New"


def test_a_status_of_theirs_that_closes_nothing_is_followed_by_ours(stand: Stand) -> None:
    filed = stand.file(approval="requested")
    stand.site.approve(filed.task.number, TECHNICIAN)
    stand.tickets.write(stand.read(filed), TAKEN)
    stand.tickets.write(stand.read(filed), DELIVERED)
    assert stand.read(filed).state == "pending"


def test_nothing_more_is_asked_for_where_nobody_else_set_a_status(stand: Stand) -> None:
    filed = stand.file()
    stand.tickets.write(stand.read(filed), TAKEN)
    stand.tickets.write(stand.read(filed), DELIVERED)
    stand.read(filed)
    assert not [call for call in stand.calls if call.path.endswith("/statuses")]
