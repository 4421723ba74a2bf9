"""A request that comes before it is known who is privileged."""

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
