"""A request that comes before it is known who is privileged."""

from datetime import timedelta

import pytest

from connectors.errors import Unavailable
from connectors.sandbox.faults.rule import Rule
from tests.rig import Rig
from worker.directory_kept import STALE
from worker.once import work_off
from worker.poll import poll


def test_a_request_that_came_before_the_directory_is_served_as_soon_as_that_is_read(rig: Rig) -> None:
    filed = rig.file("never_activated")
    poll(rig.shop.polling, rig.clock())
    work_off(rig.shop)
    assert (rig.request(filed).state, rig.request(filed).wait_row) == ("new", STALE)
    rig.shop.directory.refresh()
    work_off(rig.shop)
    assert rig.request(filed).state == "awaiting"


def test_the_directory_is_read_by_every_process_that_begins_and_then_every_quarter_of_an_hour(rig: Rig) -> None:
    every = timedelta(minutes=15)
    assert rig.shop.directory.is_due(every)
    rig.shop.directory.refresh()
    assert not rig.shop.directory.is_due(every)
    rig.clock.pass_(every)
    assert rig.shop.directory.is_due(every)
    rig.shop.directory.refresh()
    rig.again()
    assert rig.shop.directory.is_due(every), "its settings may be other ones"


def test_a_directory_that_could_not_be_read_is_due_still(rig: Rig) -> None:
    rig.sandbox.faults.set(Rule("duo", "error before", method="GET", route="/groups", times=3))
    with pytest.raises(Unavailable):
        rig.shop.directory.refresh()
    assert rig.shop.directory.is_due(timedelta(minutes=15))
