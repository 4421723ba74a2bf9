"""One ticket that can't be read is left alone and told; the others come."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Unavailable
from connectors.gate import BudgetSpent
from connectors.sandbox.teamdynamix import Filed
from connectors.teamdynamix import kinds
from tests.rig import START
from tests.worker.tickets.teamdynamix_stand import Stand, standing
from worker.tickets.ticket import Unreadable, nothing_known

BY_NAME = {"CreatedDate": "the ticket", "ModifiedDate": "the row of the search"}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as stand:
        yield stand


def garble(stand: Stand, *filed: Filed, field: str = "CreatedDate") -> None:
    stand.site.switch(garbled_fields=frozenset((int(each.task.number), field) for each in filed))


@pytest.mark.parametrize("field", BY_NAME)
def test_a_ticket_that_cannot_be_read_is_told_and_the_others_come(stand: Stand, field: str) -> None:
    strange, good = stand.file(), stand.file("platform_unknown")
    garble(stand, strange, field=field)
    poll = stand.tickets.changed(START, nothing_known)
    assert [each.id for each in poll.tickets] == [good.task.sys_id]
    why = f"{field} holds no time that can be read"
    assert poll.unreadable == (Unreadable(strange.task.sys_id, strange.task.number, why),)
    assert (poll.foreign, poll.mark is not None) == (0, True)
    assert stand.tickets.waiting(nothing_known).unreadable == poll.unreadable


def test_it_comes_as_soon_as_it_can_be_read(stand: Stand) -> None:
    strange = stand.file()
    garble(stand, strange)
    assert not stand.tickets.waiting(nothing_known).tickets
    garble(stand)
    (ticket,) = stand.tickets.waiting(nothing_known).tickets
    assert ticket.id == strange.task.sys_id


@pytest.mark.parametrize("field", BY_NAME)
def test_where_none_of_several_can_be_read_the_answers_have_changed_and_the_poll_fails(
    stand: Stand, field: str
) -> None:
    garble(stand, stand.file(), stand.file("platform_unknown"), field=field)
    with pytest.raises(Unavailable, match=f"no ticket of 2 can be read: {field}"):
        stand.tickets.changed(START, nothing_known)


def test_one_that_is_asked_for_by_itself_waits_and_among_others_is_left_out(stand: Stand) -> None:
    strange, good = stand.file(), stand.file("platform_unknown")
    garble(stand, strange)
    assert set(stand.tickets.read([strange.task.sys_id, good.task.sys_id])) == {good.task.sys_id}
    with pytest.raises(Unavailable, match="CreatedDate"):
        stand.read(strange)


def test_what_was_read_before_our_own_budget_ended_is_kept_and_the_rest_comes_with_the_next_poll(stand: Stand) -> None:
    filed = [stand.file(kind).task.sys_id for kind in ("never_activated", "platform_unknown", "no_phone")]
    stand.tenant._gates = budget_of(2)
    first = stand.tickets.changed(START, nothing_known)
    assert ([each.id for each in first.tickets], first.mark) == (filed[:2], None)
    with pytest.raises(BudgetSpent):
        stand.tickets.changed(START, nothing_known)
    stand.tenant._gates = budget_of(9)
    seen = {(each.id, each.stamp) for each in first.tickets}
    second = stand.tickets.changed(START, lambda known: set(known) & seen)
    assert ([each.id for each in second.tickets], second.mark is not None) == (filed[2:], True)


def budget_of(readings: int) -> kinds.Gates:
    """So many readings of tickets, and whatever else is asked."""
    left = [readings]

    def pass_through(kind: str) -> None:
        left[0] -= kind == kinds.READ
        if left[0] < 0:
            raise BudgetSpent("teamdynamix", "its budget of calls is used up", retry_after=timedelta(minutes=1))

    return pass_through
